import { errors, type CompactJWSHeaderParameters } from 'jose';
import type { JwkSetService } from '../../authorization-server/jwk-set/jwk-set.service.js';
import { withoutStackTraces } from '../../errors/stack-traces.js';
import { candidateKeys, verifyWithAny } from './candidate-keys.js';
import { toVerificationError } from './jose-error.js';
import { namedIssuer } from './named-issuer.js';
import type { SignatureContext, SigningKeyLookup } from './signing-key-lookup.js';
import { verifySignature, type SignedJwt } from './verify-signature.js';

/**
 * Verifies the signature of a JWT by a key of the issuer that it names, and returns its claims. It does **not** check
 * the claims, not even that they name the issuer whose key was cached.
 *
 * @throws InvalidTokenError if no key of the issuer has signed the JWT
 * @throws AuthorizationServerError if that cannot be determined
 */
export async function verifyWithPublishedKey(
  jwt: string,
  lookup: SigningKeyLookup,
  context: SignatureContext,
  jwkSets: JwkSetService,
): Promise<SignedJwt> {
  return verifyWithRenewedKeys(jwt, lookup, context, jwkSets).catch((error: unknown) => {
    throw toVerificationError(error, context.jwt.algorithms);
  });
}

/** Verifies with the cached keys, then with renewed keys: a new key may have the id of an older key. */
async function verifyWithRenewedKeys(
  jwt: string,
  lookup: SigningKeyLookup,
  context: SignatureContext,
  jwkSets: JwkSetService,
): Promise<SignedJwt> {
  const isCached = lookup.key !== undefined;
  try {
    return await signedJwt(jwt, lookup, context);
  } catch (error) {
    if (!(error instanceof errors.JWSSignatureVerificationFailed)) {
      throw error;
    }
    if (isCached) {
      // The issuer was not checked. The client must get the same error with and without a cached key.
      namedIssuer(jwt, context);
    }
    if (!(await haveKeysChanged(lookup, jwkSets))) {
      throw error;
    }
    lookup.key = undefined;
    return signedJwt(jwt, lookup, context);
  }
}

/**
 * Returns whether a refresh brought other keys. If the refresh fails, the signature counts as bad, since most bad
 * signatures are forged.
 */
async function haveKeysChanged(
  { server, keys }: SigningKeyLookup,
  jwkSets: JwkSetService,
): Promise<boolean> {
  const renewed = server && (await jwkSets.refreshForSignature(server).catch(() => keys));
  return renewed !== keys;
}

/** @throws JOSEError if none of the keys has signed the JWT */
async function signedJwt(
  jwt: string,
  lookup: SigningKeyLookup,
  { jwt: { algorithms } }: SignatureContext,
): Promise<SignedJwt> {
  const key = lookup.key ?? ((header: CompactJWSHeaderParameters) => lookup.find(header));
  try {
    return await withoutStackTraces(() => verifySignature(jwt, key, algorithms));
  } catch (error) {
    const candidates = candidateKeys(error);
    if (candidates === undefined) {
      throw error;
    }
    return verifyWithAny(candidates, jwt, algorithms);
  }
}
