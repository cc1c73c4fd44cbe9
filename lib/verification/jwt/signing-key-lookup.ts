import type { webcrypto } from 'node:crypto';
import { errors, type JWTHeaderParameters } from 'jose';
import type {
  AuthorizationServerRegistry,
  ConfiguredAuthorizationServer,
} from '../../authorization-server/authorization-server-registry.js';
import type { JwkSetService } from '../../authorization-server/jwk-set/jwk-set.service.js';
import type { JwkSet } from '../../token/signature-keys.js';
import { withoutStackTraces } from '../../errors/stack-traces.js';
import type { JwtPolicy } from '../../token/jwt-policy.js';
import type { TokenVerificationContext } from '../../token/token-verifier.js';
import type { SigningKey } from './signing-key-cache.js';
import { checkTokenType } from './token-type.js';
import { namedIssuer } from './named-issuer.js';

/** The part of a resource that decides which signatures are accepted. */
export interface SignatureContext extends Pick<TokenVerificationContext, 'issuers' | 'servers'> {
  readonly jwt: Pick<JwtPolicy, 'algorithms' | 'typ'>;
}

/** Finds the key of one token, and records where it was found. */
export class SigningKeyLookup {
  /** The authorization server that the token names. Set once it is known to be trusted. */
  server: ConfiguredAuthorizationServer | undefined;
  /** The server's keys. Set as soon as they are needed. */
  keys: JwkSet | undefined;
  /** The key that was found, if only one key fits. */
  key: webcrypto.CryptoKey | undefined;

  constructor(
    private readonly token: string,
    private readonly context: SignatureContext,
    private readonly servers: AuthorizationServerRegistry,
    private readonly jwkSets: JwkSetService,
    /** The key of an earlier token with the same header. */
    cached?: SigningKey,
  ) {
    this.server = cached?.server;
    this.keys = cached?.keys;
    this.key = cached?.key;
  }

  /**
   * Returns the key for a header. `jku`, `x5u`, `jwk` and `x5c` are never read. Nothing is fetched for a
   * token that could not be accepted anyway. A key that is not in the set may be newer than the set, so the
   * set is refreshed before the token is rejected.
   */
  async find(header: JWTHeaderParameters): Promise<webcrypto.CryptoKey> {
    checkTokenType(header.typ, this.context.jwt.typ);
    const server = this.servers.serverFor(namedIssuer(this.token, this.context), this.context);
    this.server = server;
    const cached = await this.jwkSets.get(server);
    try {
      return await this.keyIn(cached, header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) {
        throw error;
      }
      const renewed = await this.jwkSets.refresh(server);
      // If no key was added or removed, the set is the same object, so the key is still not in it.
      if (renewed === cached) {
        throw error;
      }
      return this.keyIn(renewed, header);
    }
  }

  private async keyIn(keys: JwkSet, header: JWTHeaderParameters): Promise<webcrypto.CryptoKey> {
    this.keys = keys;
    this.key = await withoutStackTraces(() => keys(header));
    return this.key;
  }
}
