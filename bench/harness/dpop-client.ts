import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { RESOURCE } from '../contenders/contender.js';
import { FreshRequests, Requests } from './requests.js';

/** A client that proves possession of its key with each request (RFC 9449). */
export class DpopClient {
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly jwk = this.keys.publicKey.export({ format: 'jwk' });

  /** The thumbprint of the client's key (RFC 7638). */
  get jkt(): string {
    const { crv, kty, x, y } = this.jwk;
    return digest(JSON.stringify({ crv, kty, x, y }));
  }

  /** Creates requests with a token that is bound to this client's key. Each request has a new proof. */
  requests(token: string): FreshRequests {
    return new FreshRequests(() => this.request(token, this.proof(token)));
  }

  request(token: string, proof: string): Buffer {
    return Requests.get('/notes', { Authorization: `DPoP ${token}`, DPoP: proof });
  }

  proof(token: string): string {
    const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: this.jwk };
    const payload = {
      jti: randomUUID(),
      htm: 'GET',
      htu: RESOURCE,
      iat: Math.floor(Date.now() / 1000),
      ath: digest(token),
    };
    const input = [header, payload].map(encode).join('.');
    const key = { key: this.keys.privateKey, dsaEncoding: 'ieee-p1363' as const };
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
