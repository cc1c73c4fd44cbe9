import { randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';

/** The tokens that the test authorization server issued, for introspection. */
export class IssuedTokens {
  private readonly active = new Map<string, JWTPayload>();

  add(token: string, claims: JWTPayload): string {
    this.active.set(token, claims);
    return token;
  }

  addOpaque(claims: JWTPayload): string {
    return this.add(randomBytes(32).toString('base64url'), claims);
  }

  revoke(token: string): void {
    this.active.delete(token);
  }

  /** Returns the introspection response about a token (RFC 7662, section 2.2). */
  introspect(token: string): Record<string, unknown> {
    const claims = this.active.get(token);
    return claims === undefined || hasExpired(claims)
      ? { active: false }
      : { active: true, token_type: tokenType(claims), ...claims };
  }
}

function hasExpired({ exp = Infinity }: JWTPayload): boolean {
  return exp <= Date.now() / 1000;
}

function tokenType({ cnf }: JWTPayload): string {
  return typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? 'DPoP' : 'Bearer';
}
