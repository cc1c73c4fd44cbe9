/** The issuer of a token, and the user or client that the token identifies. */
export interface Identity {
  readonly issuer: string;
  readonly subject?: string;
  readonly clientId?: string;
}

/**
 * Returns the principal of a caller, or `undefined` if the token has neither a user nor a client, or if the
 * identifier of the user or client is not well-formed Unicode.
 *
 * The principal is `user.` or `client.`, then the issuer, a full stop, and the subject or client identifier. The
 * issuer and the identifier are written as the hexadecimal digits of their UTF-8. So the principal holds only
 * lower-case letters, digits and full stops. A database that ignores case still compares principals correctly,
 * and principals can be decoded.
 *
 * The format must not change, because applications store principals.
 * `test/unit/auth-info/principal.test.ts` holds the test vectors.
 *
 * A token identifies the client itself if it has no subject, or if its subject is the client identifier (RFC
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
