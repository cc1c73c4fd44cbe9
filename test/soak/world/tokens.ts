import { randomBytes, randomUUID } from 'node:crypto';
import { RESOURCE, SCOPE } from '../settings.js';
import { SigningKey } from './signing-key.js';

/** The flaws of tokens with a valid signature, and the claims that make each flaw. */
const FLAWS = {
  none: {},
  'no scope': { scope: 'openid' },
  expired: { exp: -60 },
  'wrong audience': { aud: 'https://api.example.com/tasks' },
  'wrong issuer': { iss: 'https://evil.example.com' },
} as const;

export type Flaw = keyof typeof FLAWS | 'forged';

const forger = new SigningKey('stranger');

/** The tokens that name one key. The forged tokens are signed by another key. */
export class Tokens {
  private readonly kept = new Map<string, string>();

  constructor(
    private readonly issuer: string,
    readonly key: SigningKey,
  ) {}

  /** Returns the same token for the same flaw and user each time. */
  get(flaw: Flaw, user: string): string {
    const name = `${flaw} ${user}`;
    const token = this.kept.get(name) ?? this.mint(flaw, user);
    this.kept.set(name, token);
    return token;
  }

  /** Returns a new token, which no server has seen. */
  mint(flaw: Flaw, user: string, seconds = 7200): string {
    const now = Math.floor(Date.now() / 1000);
    const { exp = seconds, ...more }: { exp?: number } = flaw === 'forged' ? {} : FLAWS[flaw];
    const claims = {
      iss: this.issuer,
      sub: user,
      aud: RESOURCE,
      client_id: `client of ${user}`,
      scope: `openid ${SCOPE}`,
      jti: randomUUID(),
      iat: now,
      exp: now + exp,
      ...more,
    };
    return (flaw === 'forged' ? forger : this.key).sign(claims, this.key.kid);
  }
}

/** Returns a text that is no JWT, although it has about the length of a JWT and only characters that a JWT can have. */
export function malformedToken(): string {
  return randomBytes(300).toString('base64url');
}
