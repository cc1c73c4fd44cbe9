import type { webcrypto } from 'node:crypto';
import type { ConfiguredAuthorizationServer } from '../authorization-server/authorization-server-registry.js';
import type { JwkSet, JwkSetService } from '../authorization-server/jwk-set.service.js';
import type { TokenVerificationContext } from '../token/token-verifier.js';

/** What a token was signed with, and where that was found. */
export interface SigningKey {
  readonly server: ConfiguredAuthorizationServer;
  readonly keys: JwkSet;
  readonly key: webcrypto.CryptoKey;
}

/** More than an authorization server signs with at a time. */
const MAX_HEADERS = 10;

/**
 * The keys of tokens that were verified, by the header of the token: what one key signs has the same
 * header to the letter, so that it need not be looked into for each token anew.
 *
 * Only for a resource of one issuer. Where there are several, a header does not tell whose key it names.
 */
export class KnownSigningKeys {
  private readonly known = new WeakMap<TokenVerificationContext, Map<string, SigningKey>>();

  constructor(private readonly jwkSets: Pick<JwkSetService, 'current'>) {}

  /** The key of tokens with this header, as long as it is published. */
  of(token: string, context: TokenVerificationContext): SigningKey | undefined {
    const known = this.known.get(context)?.get(headerOf(token));
    return known !== undefined && this.jwkSets.current(known.server) === known.keys
      ? known
      : undefined;
  }

  /** @param token - one that was verified, for this resource, with this key */
  remember(token: string, context: TokenVerificationContext, signingKey: SigningKey): void {
    if (context.issuers.length !== 1) {
      return;
    }
    const known = this.known.get(context) ?? new Map<string, SigningKey>();
    if (known.size === MAX_HEADERS) {
      known.clear();
    }
    // A copy: V8 would keep all of the token for the part that it begins with.
    this.known.set(context, known.set(Buffer.from(headerOf(token)).toString(), signingKey));
  }
}

function headerOf(token: string): string {
  return token.slice(0, token.indexOf('.'));
}
