import { randomUUID } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type CryptoKey, type JWK } from 'jose';

/** A key pair of the test authorization server. */
export interface SigningKey {
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  /** The public key, as the JWK Set has it. */
  readonly jwk: JWK & { readonly kid: string };
  /** The public key as PEM. */
  readonly pem: string;
}

/** Makes a key pair with a `kid` of its own, or with a given one. */
export async function makeSigningKey(
  algorithm: string,
  kid: string = randomUUID(),
): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return {
    algorithm,
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' },
    pem: await exportSPKI(publicKey),
  };
}
