import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

/**
 * What is known about whether a server has a key:
 * - `unseen`: The key is published, but no answer has shown that the server has the key.
 * - `seen`: An answer has shown that the server has the key.
 * - `leaving`: The key is no longer published, but perhaps the server has not fetched the new set yet.
 * - `gone`: An answer has shown that the server has a newer set, without this key.
 * - `stranger`: The key was never published.
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

  /** @param kid - the key id in the header. A forged token names the id of another key */
  sign(claims: object, kid = this.kid): string {
    const input = [{ alg: 'ES256', typ: 'at+jwt', kid }, claims].map(encode).join('.');
    const key = { key: this.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
