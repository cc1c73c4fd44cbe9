import { InvalidTokenError } from '../errors/invalid-token.error.js';

/** What a token is bound to, as far as it can be checked here (RFC 7800). */
export interface Confirmation {
  /** The thumbprint of a key that is proved by DPoP (RFC 9449, section 6). */
  readonly jkt?: string;
}

/**
 * Reads the `cnf` of a token; a plain token has none. Members that are not known are ignored beside one
 * that is, as RFC 7800, section 3.1, has it; without one the token is bound in a way that nobody checks.
 *
 * @throws InvalidTokenError
 */
export function confirmationOf(cnf: unknown): Confirmation {
  if (cnf === undefined) {
    return {};
  }
  const { jkt } = (typeof cnf === 'object' && cnf !== null ? cnf : {}) as Record<string, unknown>;
  if (typeof jkt !== 'string') {
    throw new InvalidTokenError('confirmation');
  }
  return { jkt };
}
