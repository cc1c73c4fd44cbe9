import { randomBytes, randomUUID } from 'node:crypto';
import type { Algorithm, Setup } from '../contenders/contender.js';
import { Child } from './child.js';

export interface Order {
  algorithm: Algorithm;
  count: number;
  /** Signed with another key, under the key id of the right one. */
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

  /** How many fetches of the JWK Set there were so far. */
  jwksFetches(): Promise<number> {
    return this.child.ask('jwksFetches');
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

/** The token as a key that the JWK Set does not have would have signed it. */
export function withUnknownKeyId(token: string): string {
  const [header = '', ...rest] = token.split('.');
  const fields = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
  const changed = JSON.stringify({ ...fields, kid: randomUUID() });
  return [Buffer.from(changed).toString('base64url'), ...rest].join('.');
}

/** One of which only the authorization server knows what it stands for. */
export function opaqueToken(): string {
  return randomBytes(32).toString('base64url');
}

/** No JWT, although it has the characters and about the length of one. */
export function malformedToken(): string {
  return randomBytes(600).toString('base64url');
}
