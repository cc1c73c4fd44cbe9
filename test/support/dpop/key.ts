import { createHash, randomUUID, type webcrypto } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type JWK,
  type JWTPayload,
} from 'jose';
import { RESOURCE } from '../app.js';

export interface ProofOptions {
  method?: string;
  uri?: string;
  /** The members of the header that replace those of a right proof; `undefined` leaves a member out. */
  header?: Record<string, unknown>;
  /** The claims that replace those of a right proof; `undefined` leaves a claim out. */
  claims?: Record<string, unknown>;
  /** The key that signs, in place of the key in the header. */
  key?: webcrypto.CryptoKey | Uint8Array;
}

/** The DPoP key of a client. It makes valid and invalid proofs. Other tests use the proofs of real clients. */
export class DpopKey {
  private constructor(
    private readonly algorithm: string,
    readonly jwk: JWK,
    readonly privateKey: webcrypto.CryptoKey,
    readonly jkt: string,
  ) {}

  static async make(algorithm = 'ES256'): Promise<DpopKey> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = await exportJWK(publicKey);
    return new DpopKey(algorithm, jwk, privateKey, await calculateJwkThumbprint(jwk));
  }

  async privateJwk(): Promise<JWK> {
    return exportJWK(this.privateKey);
  }

  /** Returns a proof for `token`. It is valid, except for what the options change. */
  async proof(token: string, options: ProofOptions = {}): Promise<string> {
    const { method = 'GET', uri = RESOURCE, header, claims, key = this.privateKey } = options;
    const payload = {
      jti: randomUUID(),
      htm: method,
      htu: uri,
      iat: Math.floor(Date.now() / 1000),
      ath: createHash('sha256').update(token).digest('base64url'),
      ...claims,
    };
    return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
      .setProtectedHeader({ alg: this.algorithm, typ: 'dpop+jwt', jwk: this.jwk, ...header })
      .sign(key, { crit: { x: true } });
  }
}
