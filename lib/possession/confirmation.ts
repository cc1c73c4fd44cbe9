import { InvalidTokenError } from '../errors/invalid-token.error.js';

/** What a token is bound to, as far as it can be checked here (RFC 7800). */
export interface Confirmation {
  /** The thumbprint of a key that is proved by DPoP (RFC 9449, section 6). */
  readonly jkt: string | undefined;
  /** The thumbprint of a certificate that is proved by TLS (RFC 8705, section 3.1). */
  readonly x5t: string | undefined;
}

/**
 * Reads the `cnf` of a token; a plain token has none. Members that are not known are ignored beside one
 * that is, as RFC 7800, section 3.1, has it; without one the token is bound in a way that nobody checks.
 *
 * @throws InvalidTokenError
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
