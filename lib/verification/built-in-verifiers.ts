import type { Type } from '@nestjs/common';
import type { TokenVerificationContext, TokenVerifier } from '../token/token-verifier.js';
import { IntrospectionTokenVerifier } from './introspection/introspection-token-verifier.js';
import { JwtTokenVerifier } from './jwt/jwt-token-verifier.js';

/** The verifiers of a resource, as far as its options name them. */
type Verified = Pick<TokenVerificationContext, 'tokenVerifier'>;

/** Returns the verifiers that the options of a resource name. */
export function namedVerifiers({ tokenVerifier }: Verified): readonly unknown[] {
  return [tokenVerifier ?? []].flat();
}

/** Returns whether a verifier is a class of this library itself, not a subclass. */
export function isBuiltIn(verifier: unknown): verifier is Type<TokenVerifier> {
  return verifier === JwtTokenVerifier || verifier === IntrospectionTokenVerifier;
}

/**
 * Returns whether the library itself verifies tokens of a resource: by default, or because the list in `tokenVerifier`
 * has a built-in verifier.
 */
export function verifiesByItself(resource: Verified): boolean {
  const { tokenVerifier } = resource;
  return typeof tokenVerifier !== 'function' && (tokenVerifier?.some(isBuiltIn) ?? true);
}
