/** The user or client that a token speaks for, as the authorization server names it. */
export interface Identity {
  readonly issuer: string;
  readonly subject?: string;
  readonly clientId?: string;
}

/**
 * Returns the principal of a caller, or `undefined` if the token has neither a user nor a client, or if the
 * identifier of the user or client is not well-formed Unicode.
 *
 * The principal is `user.` or `client.`, then the issuer and the subject or client identifier. Each of the
 * two is written as the hexadecimal digits of its UTF-8, and a full stop separates them. So the principal
 * holds only lower-case letters, digits and full stops. A column that ignores case compares it correctly, and
 * it can be decoded. It never changes: `test/unit/auth-info/principal.test.ts` holds the test vectors.
 *
 * A token speaks for the client itself if it has no subject, or the client identifier as its subject (RFC
 * 9068, section 2.2).
 */
export function principalOf({ issuer, subject = '', clientId = '' }: Identity): string | undefined {
  const isUser = subject !== '' && subject !== clientId;
  const id = isUser ? subject : clientId;
  // A lone surrogate cannot be written as UTF-8: two different identifiers would get the same principal.
  return id === '' || !isWellFormed(id)
    ? undefined
    : [isUser ? 'user' : 'client', hex(issuer), hex(id)].join('.');
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
