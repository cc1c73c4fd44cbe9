/** Who a token speaks for, as the authorization server names them. */
export interface Identity {
  readonly issuer: string;
  readonly subject?: string;
  readonly clientId?: string;
}

/**
 * Returns the principal of a caller; nothing where the token names neither a user nor a client.
 *
 * It is `user.` or `client.`, then the issuer and the subject or client identifier, each as the hexadecimal
 * digits of its UTF-8, with a full stop between them. So it holds small letters, digits and full stops only,
 * compares equal in a column that ignores case only where it is equal, and can be decoded. It never changes:
 * `test/unit/auth-info/principal.test.ts` holds the vectors.
 *
 * A token is a client's own where it has no subject, or the client as its subject (RFC 9068, section 2.2).
 */
export function principalOf({ issuer, subject = '', clientId = '' }: Identity): string | undefined {
  const isUser = subject !== '' && subject !== clientId;
  const id = isUser ? subject : clientId;
  // Half of a surrogate pair has no UTF-8: two such identifiers would be one.
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
