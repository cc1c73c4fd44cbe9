import { InvalidTokenError } from '../errors/invalid-token.error.js';

/** The keys that a token is bound to, as far as this library can check them (RFC 7800). */
export interface Confirmation {
  /** The thumbprint of a key whose possession DPoP proves (RFC 9449, section 6). */
  readonly jkt: string | undefined;
  /** The thumbprint of a certificate whose possession TLS proves (RFC 8705, section 3.1). */
  readonly x5t: string | undefined;
}

/**
 * Reads the `cnf` of a token. A token that is not bound to a key has no `cnf`. Unknown members next to a known member
 * are ignored (RFC 7800, section 3.1). A `cnf` without a known member is rejected, because nothing would check that the
 * sender has the key.
 *
 * @throws InvalidTokenError if `cnf` has no known member, or a known member that is empty or not a string
 */
export function confirmationOf(cnf: unknown): Confirmation {
  if (cnf === undefined) {
    return { jkt: undefined, x5t: undefined };
  }
  const members = (typeof cnf === 'object' && cnf !== null ? cnf : {}) as Record<string, unknown>;
  const { jkt, 'x5t#S256': x5t } = members;
  if (!isThumbprintOrAbsent(jkt) || !isThumbprintOrAbsent(x5t) || (jkt ?? x5t) === undefined) {
    throw new InvalidTokenError('confirmation');
  }
  return { jkt, x5t };
}

function isThumbprintOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value !== '');
}
