import { InvalidTokenError } from '../errors/invalid-token.error.js';

/** The keys that a token is bound to, as far as this library can check them (RFC 7800). */
export interface Confirmation {
  /** The thumbprint of a key whose possession DPoP proves (RFC 9449, section 6). */
  readonly jkt: string | undefined;
  /** The thumbprint of a certificate whose possession TLS proves (RFC 8705, section 3.1). */
  readonly x5t: string | undefined;
}

/**
 * Reads the `cnf` of a token. A plain token has none. Unknown members next to a known one are ignored (RFC
 * 7800, section 3.1). Without a known member the token is rejected, since nothing would check how it is
 * bound.
 *
 * @throws InvalidTokenError if there is no known member, or if a known member is not a non-empty string
 */
export function confirmationOf(cnf: unknown): Confirmation {
  if (cnf === undefined) {
    return { jkt: undefined, x5t: undefined };
  }
  const members = (typeof cnf === 'object' && cnf !== null ? cnf : {}) as Record<string, unknown>;
  const { jkt, 'x5t#S256': x5t } = members;
  if (!isThumbprint(jkt) || !isThumbprint(x5t) || (jkt ?? x5t) === undefined) {
    throw new InvalidTokenError('confirmation');
  }
  return { jkt, x5t };
}

function isThumbprint(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value !== '');
}
