import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

/**
 * A key, and what is known of whether a server has it:
 * - `unseen`: published, but no answer has shown that the server knows it
 * - `seen`: an answer has shown it
 * - `leaving`: no longer published, but the server may not have fetched since
 * - `gone`: an answer has shown a key of the set that this one is not in
 * - `stranger`: never published
 */
export type Standing = 'unseen' | 'seen' | 'leaving' | 'gone' | 'stranger';

export class SigningKey {
  readonly kid = randomUUID();
  private readonly privateKey: KeyObject;
  private readonly publicKey: KeyObject;

  constructor(public standing: Standing) {
    ({ privateKey: this.privateKey, publicKey: this.publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
    }));
  }

  get jwk(): Record<string, unknown> {
    return { ...this.publicKey.export({ format: 'jwk' }), kid: this.kid, alg: 'ES256', use: 'sig' };
  }

  /** @param kid - another one, for a token that lies about its key */
  sign(claims: object, kid = this.kid): string {
    const input = [{ alg: 'ES256', typ: 'at+jwt', kid }, claims].map(encode).join('.');
    const key = { key: this.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
