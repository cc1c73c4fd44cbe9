import { randomBytes, randomUUID } from 'node:crypto';
import type { Algorithm, Setup } from '../contenders/contender.js';
import { Child } from './child.js';

export interface Order {
  algorithm: Algorithm;
  count: number;
  /** Signs with an untrusted key, under the key id of the trusted one. */
  forged?: boolean;
  scope?: string;
  audience?: string;
  /** The thumbprint of the key that the token is bound to (RFC 9449, section 6.1). */
  jkt?: string;
}

export class TokenIssuer {
  private constructor(private readonly child: Child<Setup>) {}

  static async start(): Promise<TokenIssuer> {
    return new TokenIssuer(await Child.start<Setup>('token-issuer.process', []));
  }

  get setup(): Setup {
    return this.child.ready;
  }

  mint(order: Order): Promise<string[]> {
    return this.child.ask('mint', order);
  }

  /** Returns the number of fetches of the JWK Set so far. */
  jwksFetches(): Promise<number> {
    return this.child.ask('jwksFetches');
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

/** Replaces the key id of a token by a new one that the JWK Set does not have. */
export function withUnknownKeyId(token: string): string {
  const [header = '', ...rest] = token.split('.');
  const fields = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
  const changed = JSON.stringify({ ...fields, kid: randomUUID() });
  return [Buffer.from(changed).toString('base64url'), ...rest].join('.');
}

/** Returns a token that only the authorization server can read. */
export function opaqueToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Returns a token that is not a JWT, but has the characters and about the length of one. */
export function malformedToken(): string {
  return randomBytes(600).toString('base64url');
}
