import { createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { Issuer } from '../../support/issuer.js';
import { forge, signer, split, type Forgery, type Genuine } from './forge.js';
import { ADMIN, BEHIND, MCP, NOTES, PROXIED } from './places.js';

/** A text in every forged token. If it appears in an answer or a log, the token has leaked. */
export const CANARY = 'canary-8c1f';

/** The header field with the assertion of the proxy. {@link PROXY_AUDIENCE} is the `aud` of the assertion. */
export const ASSERTION = 'Cf-Access-Jwt-Assertion';
const PROXY_AUDIENCE = '32eafc7626e974616deaf0dc3ce63d7b';

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Keys that the issuer publishes besides the key that signs its tokens. */
const PUBLISHED = {
  rsa: { pair: rsa(), jwk: { kid: 'rsa', alg: 'RS256', use: 'sig' } },
  weak: { pair: generateKeyPairSync('rsa', { modulusLength: 1024 }), jwk: { kid: 'weak' } },
  encryption: { pair: p256(), jwk: { kid: 'encryption', use: 'enc' } },
  signOnly: { pair: p256(), jwk: { kid: 'sign-only', key_ops: ['sign'] } },
  leaked: { pair: p256(), jwk: { kid: 'leaked', use: 'sig' } },
  p384: { pair: generateKeyPairSync('ec', { namedCurve: 'P-384' }), jwk: { kid: 'p384' } },
};
const SECRET = { kty: 'oct', kid: 'secret', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I' };

/** More keys than are tried for a token without a `kid`. */
const MANY = Array.from({ length: 6 }, p256);

/** The authorization servers, their keys and their tokens, genuine and forged. */
export class Laboratory {
  readonly keys = PUBLISHED;
  readonly secret = SECRET;
  readonly many = MANY;
  /** The key pair of the attacker. */
  readonly attacker = p256();
  /** Every token that was made here, and its parts. */
  readonly secrets = new Set([CANARY]);
  /** The valid token of Alice for the notes. */
  readonly victim: string;
  /** The URL of the application under attack. */
  url = '';

  private constructor(
    /** An issuer that all resources trust. */
    readonly issuer: Issuer,
    /** An issuer that the admin's resource and MCP trust, but not the notes. */
    readonly other: Issuer,
    /** An issuer that no resource trusts. */
    readonly stranger: Issuer,
    /** An issuer that the admin's resource trusts, and that does not work. */
    readonly dark: Issuer,
    /** The issuer of assertions: the proxy in front of two of the resources. */
    readonly proxy: Issuer,
    private readonly startedAt = Math.floor(Date.now() / 1000),
  ) {
    this.victim = this.forge({});
  }

  static async open(): Promise<Laboratory> {
    const [issuer, other, stranger, dark, proxy] = await Promise.all([
      Issuer.start({ path: '/tenant' }),
      Issuer.start(),
      Issuer.start(),
      Issuer.start(),
      Issuer.start(),
    ]);
    issuer.extraKeys = [...Object.values(PUBLISHED).map(toJwk), SECRET];
    other.extraKeys = MANY.map(({ publicKey }) => publicKey.export({ format: 'jwk' }) as JWK);
    // The keys of several servers have the same id.
    other.kid = issuer.kid;
    proxy.kid = issuer.kid;
    dark.answer('/.well-known/openid-configuration', (_, response) => {
      response.writeHead(500).end();
    });
    return new Laboratory(issuer, other, stranger, dark, proxy);
  }

  async close(): Promise<void> {
    const all = [this.issuer, this.other, this.stranger, this.dark, this.proxy];
    await Promise.all(all.map((issuer) => issuer.down()));
  }

  /**
   * Returns a time in seconds since the epoch. It is the same for all forgeries, so that an attack always has
   * the same bytes.
   */
  at(seconds: number): number {
    return this.startedAt + seconds;
  }

  /** Returns a token for the notes that the issuer signed, changed as `forgery` says. */
  forge(forgery: Forgery, by: Issuer = this.issuer): string {
    const token = forge(this.genuine(by), forgery);
    for (const part of [token, ...split(token)]) {
      // Shorter parts could occur in an answer by chance.
      if (part.length >= 16) {
        this.secrets.add(part);
      }
    }
    return token;
  }

  /** Returns a token of Alice for another resource. */
  tokenFor(place: { resource: string }, scope: string, claims: Record<string, unknown> = {}) {
    return this.forge({ claims: { aud: place.resource, scope, ...claims } });
  }

  /** Returns an assertion of the proxy about Alice, changed as `forgery` says. */
  assertion({ header, claims, ...forgery }: Forgery = {}, by: Issuer = this.proxy): string {
    return this.forge(
      {
        ...forgery,
        header: { typ: 'JWT', ...header },
        claims: { iss: this.proxy.url, aud: PROXY_AUDIENCE, client_id: undefined, ...claims },
      },
      by,
    );
  }

  key(of: Issuer = this.issuer): KeyObject {
    return KeyObject.from(of.privateKey);
  }

  /** The public key of the issuer, which everybody knows. */
  get publicKey(): KeyObject {
    return createPublicKey(this.key());
  }

  private genuine(by: Issuer): Genuine {
    return {
      header: { alg: 'ES256', kid: by.kid, typ: 'at+jwt' },
      claims: {
        iss: by.url,
        sub: 'alice',
        aud: NOTES.resource,
        client_id: 'client-1',
        scope: NOTES.scope,
        jti: CANARY,
        iat: this.at(0),
        exp: this.at(3600),
      },
      sign: signer(this.key(by)),
    };
  }
}

/** Returns the resources of the application under attack. */
export function protectedResources({ issuer, other, dark, proxy }: Laboratory) {
  const [own, both] = [[issuer.url], [issuer.url, other.url]];
  const proxyAssertion = {
    header: ASSERTION,
    issuer: proxy.url,
    audience: PROXY_AUDIENCE,
    jwksUri: `${proxy.url}/jwks`,
  };
  return [
    { metadata: { resource: PROXIED.resource, authorizationServers: own }, proxyAssertion },
    {
      metadata: { resource: BEHIND.resource, authorizationServers: own },
      proxyAssertion: { ...proxyAssertion, trustedProxies: ['10.0.0.0/8'] },
    },
    {
      metadata: { resource: NOTES.resource, authorizationServers: own },
      scopeHierarchy: { notes: ['read:notes', 'write:notes'] },
    },
    { metadata: { resource: MCP.resource, authorizationServers: both } },
    { metadata: { resource: ADMIN.resource, authorizationServers: [...both, dark.url] } },
  ];
}

/** Returns a key as the issuer publishes it. The key `leaked` contains its private half. */
function toJwk({ pair, jwk }: (typeof PUBLISHED)[keyof typeof PUBLISHED]): JWK {
  const key: KeyObject = jwk.kid === 'leaked' ? pair.privateKey : pair.publicKey;
  return { ...(key.export({ format: 'jwk' }) as JWK), ...jwk };
}
