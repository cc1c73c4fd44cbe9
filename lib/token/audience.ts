import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type { TokenVerificationContext, VerifiedToken } from './token-verifier.js';

/** @throws InvalidTokenError if the token names none of the accepted audiences */
export function assertMeantFor(
  { audiences }: Pick<TokenVerificationContext, 'audiences'>,
  { audience = [] }: Pick<VerifiedToken, 'audience'>,
): void {
  if (audiences !== undefined && ![audience].flat().some((name) => audiences.includes(name))) {
    throw new InvalidTokenError('audience');
  }
}
