import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { McpAuthEvents } from '../../lib/events/mcp-auth-events.js';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { exportJWK, SignJWT } from 'jose';
import { AuthorizationServerMetadataService, InvalidTokenError } from 'nestjs-mcp-auth';
import { AuthorizationServerRegistry } from '../../lib/authorization-server/authorization-server-registry.js';
import { JwkSetService } from '../../lib/authorization-server/jwk-set/jwk-set.service.js';
import { thumbprintIn } from '../../lib/possession/dpop/proof-header.js';
import { verifiedClaims } from '../../lib/possession/dpop/proof-claims.js';
import { InvalidDpopProofError } from '../../lib/errors/dpop-proof.error.js';
import { JwtTokenVerifier } from '../../lib/verification/jwt/jwt-token-verifier.js';
import { readUnverified } from '../../lib/token/read-unverified.js';
import { isCanonicalSignature } from '../../lib/verification/jwt/canonical-signature.js';
import { resolveProtectedResource } from '../../lib/protected-resource/resolve-protected-resource.js';
import { RESOURCE } from '../support/app.js';
import { Issuer } from '../support/issuer.js';
import { anyText, jsonWith, nearly, nearlyObject } from './arbitraries.js';

const MEMBERS = [
  'alg',
  'typ',
  'kid',
  'jwk',
  'crit',
  'b64',
  'jku',
  'x5u',
  'zip',
  'kty',
  'crv',
  'x',
  'y',
];
const VALUES = ['ES256', 'none', 'HS256', 'at+jwt', 'dpop+jwt', 'EC', 'P-256', ['b64'], false];

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Returns texts that are nearly this token: any of its parts can be right, nearly right or wrong. */
function nearlyJws(token: string): fc.Arbitrary<string> {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const decode = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  const part = (own: string) => {
    const members = Object.entries(decode(own)).map(([name, value]) => [name, fc.constant(value)]);
    const names = [...MEMBERS, ...Object.keys(decode(own))];
    return fc.oneof(
      { weight: 3, arbitrary: fc.constant(own) },
      {
        weight: 3,
        arbitrary: nearlyObject(
          Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>,
          names,
        ).map(encode),
      },
      { weight: 1, arbitrary: jsonWith(names, VALUES).map(encode) },
      { weight: 1, arbitrary: anyText.map(encode) },
      { weight: 1, arbitrary: nearly(fc.constant(own)) },
    );
  };
  const jws = fc
    .tuple(part(header), part(payload), nearly(fc.constantFrom(signature, '', 'AAAA')))
    .map((parts) => parts.join('.'));
  return fc.oneof({ weight: 4, arbitrary: jws }, nearly(fc.constant(token)), anyText);
}

describe('a token', () => {
  let issuer: Issuer;
  let token: string;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    issuer = await Issuer.start();
    token = await issuer.mint({ audience: RESOURCE });
  });

  afterAll(() => issuer.down());

  it('is accepted only exactly as it was issued', async () => {
    const resource = { metadata: { resource: RESOURCE, authorizationServers: [issuer.url] } };
    const servers = new AuthorizationServerRegistry(
      { protectedResources: resource },
      new McpAuthEvents(),
    );
    const sets = new JwkSetService(new AuthorizationServerMetadataService(servers), servers);
    const verifier = new JwtTokenVerifier(servers, sets);
    const context = resolveProtectedResource(resource);
    expect(await verifier.verify(token, context)).toMatchObject({ subject: 'alice' });
    await fc.assert(
      fc.asyncProperty(nearlyJws(token), async (given) => {
        const outcome: unknown = await verifier
          .verify(given, context)
          .catch((error: unknown) => error);
        if (given === token) {
          expect(outcome).toMatchObject({ subject: 'alice' });
        } else {
          expect(outcome).toBeInstanceOf(InvalidTokenError);
        }
      }),
    );
  });

  it('is verified only with the canonical encoding of its signature', () => {
    const spelled = fc.stringMatching(/^[\w=+ -]{0,8}$/);
    const encoded = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(spelled, encoded, anyText), (signature) => {
        fc.pre(!signature.includes('.'));
        const isItsBytes = Buffer.from(signature, 'base64url').toString('base64url') === signature;
        expect(isCanonicalSignature(`header.payload.${signature}`)).toBe(isItsBytes);
      }),
    );
  });

  it('is decoded before verification without throwing', () => {
    fc.assert(
      fc.property(nearlyJws(token), (given) => {
        expect(['object', 'undefined']).toContain(typeof readUnverified(given));
      }),
    );
  });
});

describe('a DPoP proof', () => {
  it('is parsed, or rejected with the reason', async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(
      { name: 'ECDSA', namedCurve: 'P-256' },
      true,
      ['sign', 'verify'],
    );
    const { kty, crv, x, y } = await exportJWK(publicKey);
    const proof = await new SignJWT({ htm: 'GET', htu: 'https://api.example.com/', ath: 'x' })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y } })
      .setJti('1')
      .setIssuedAt()
      .sign(privateKey);
    const policy = { algorithms: ['ES256'], proofLifetime: 600 } as never;
    const thumbprint = await thumbprintIn(proof, ['ES256']);
    await fc.assert(
      fc.asyncProperty(nearlyJws(proof), async (given) => {
        const found: unknown = await thumbprintIn(given, ['ES256']).catch(
          (error: unknown) => error,
        );
        const claims: unknown = await verifiedClaims(given, policy).catch(
          (error: unknown) => error,
        );
        for (const outcome of [found, claims]) {
          if (outcome instanceof Error) {
            expect(outcome).toBeInstanceOf(InvalidDpopProofError);
          }
        }
        if (typeof found === 'string') {
          expect(found).toMatch(/^[\w-]{43}$/);
        }
        if (!(claims instanceof Error) && !(found instanceof Error)) {
          expect(found).toBe(thumbprint);
          expect(claims).toMatchObject({ htm: 'GET', jti: '1' });
        }
      }),
    );
  });
});
