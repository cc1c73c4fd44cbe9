import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { mismatch } from '../errors/token-mismatch.js';
import type { TokenVerificationContext, VerifiedToken } from './token-verifier.js';

/** @throws InvalidTokenError if the token names none of the accepted audiences */
export function assertMeantFor(
  { audiences }: Pick<TokenVerificationContext, 'audiences'>,
  { audience }: Pick<VerifiedToken, 'audience'>,
): void {
  const named: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  if (audiences !== undefined && !audiences.some((accepted) => named.includes(accepted))) {
    throw new InvalidTokenError('audience', { mismatch: mismatch('aud', audience, audiences) });
  }
}
