import type { webcrypto } from 'node:crypto';
import type { ConfiguredAuthorizationServer } from '../../authorization-server/authorization-server-registry.js';
import type { JwkSetService } from '../../authorization-server/jwk-set/jwk-set.service.js';
import type { JwkSet } from '../../token/signature-keys.js';
import { getOrMake } from '../../cache/get-or-make.js';
import type { TokenVerificationContext } from '../../token/token-verifier.js';

/** The key with which a token was signed, and where the key was found. */
export interface SigningKey {
  readonly server: ConfiguredAuthorizationServer;
  readonly keys: JwkSet;
  readonly key: webcrypto.CryptoKey;
}

/** The greatest number of cached headers of one resource. No server signs with so many keys at a time. */
const MAX_HEADERS = 10;

/**
 * Caches the keys of verified tokens by the header of the token. The tokens that one key signs usually have the same
 * header, letter for letter, so the key need not be looked up for each token.
 *
 * It serves resources of one issuer only. With several issuers, a header does not tell which issuer has the key.
 */
export class SigningKeyCache {
  private readonly cached = new WeakMap<TokenVerificationContext, Map<string, SigningKey>>();

  constructor(private readonly jwkSets: Pick<JwkSetService, 'current'>) {}

  /** Returns the key of tokens with this header, as long as it is published. */
  get(token: string, context: TokenVerificationContext): SigningKey | undefined {
    const cached = this.cached.get(context)?.get(headerOf(token));
    return cached !== undefined && this.jwkSets.current(cached.server) === cached.keys
      ? cached
      : undefined;
  }

  /**
   * Caches the key with which a token was verified for this resource. It does nothing if the resource has several
   * issuers, or if the header did not lead to a single key.
   */
  set(
    token: string,
    context: TokenVerificationContext,
    { server, keys, key }: Partial<SigningKey>,
  ): void {
    if (context.issuers.length !== 1 || !server || !keys || !key) {
      return;
    }
    const cached = getOrMake(this.cached, context, () => new Map<string, SigningKey>());
    if (cached.size === MAX_HEADERS) {
      cached.clear();
    }
    // A copy, because a slice would make V8 keep the whole token in memory.
    cached.set(Buffer.from(headerOf(token)).toString(), { server, keys, key });
  }
}

function headerOf(token: string): string {
  return token.slice(0, token.indexOf('.'));
}
