// The authorization server of a run. It serves metadata, a JWK Set and introspection, and signs tokens.
import { at } from './at.js';
import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { ALGORITHMS, RESOURCE, SCOPE, type Algorithm } from '../contenders/contender.js';
import { answer } from './child.js';
import type { Order } from './token-issuer.js';

const signAsync = promisify(sign) as unknown as (
  digest: string | null,
  data: Buffer,
  key: { key: KeyObject; dsaEncoding: 'ieee-p1363' },
) => Promise<Buffer>;

const generate: Record<Algorithm, () => { privateKey: KeyObject; publicKey: KeyObject }> = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

const keys = new Map(
  ALGORITHMS.map((alg) => [alg, { kid: randomUUID().slice(0, 8), ...generate[alg]() }]),
);
const untrustedKeys = new Map(ALGORITHMS.map((alg) => [alg, generate[alg]()]));
const jwks = [...keys].map(([alg, { kid, publicKey }]) => {
  return { ...publicKey.export({ format: 'jwk' }), alg, kid, use: 'sig' };
});
let jwksFetches = 0;
let issuer = '';

const server = createServer(({ url }, response) => {
  const documents: Record<string, () => unknown> = {
    '/.well-known/openid-configuration': metadata,
    '/.well-known/oauth-authorization-server': metadata,
    '/jwks': () => {
      jwksFetches++;
      return { keys: jwks };
    },
    '/introspect': introspection,
  };
  const document = documents[url ?? '']?.();
  response.writeHead(document === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(document ?? { error: 'not_found' }));
});

function metadata() {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    jwks_uri: `${issuer}/jwks`,
    introspection_endpoint: `${issuer}/introspect`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ALGORITHMS,
  };
}

/** Answers that any token is active. The bench measures tokens whose introspection is cached. */
function introspection() {
  return { active: true, ...claims(SCOPE, RESOURCE) };
}

function mint({ count, ...order }: Order) {
  return Promise.all([...Array(count).keys()].map(() => token(order)));
}

async function token(order: Omit<Order, 'count'>): Promise<string> {
  const { algorithm: alg, forged = false, scope = SCOPE, audience = RESOURCE, jkt } = order;
  const { kid, privateKey } = at(keys, alg);
  const key = forged ? at(untrustedKeys, alg).privateKey : privateKey;
  const payload = { ...claims(scope, audience), ...(jkt !== undefined && { cnf: { jkt } }) };
  const input = [{ alg, typ: 'at+jwt', kid }, payload].map(encode).join('.');
  const digest = alg === 'EdDSA' ? null : 'sha256';
  const signature = await signAsync(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function claims(scope: string, aud: string) {
  const now = Math.floor(Date.now() / 1000);
  const sub = randomUUID();
  return {
    iss: issuer,
    sub,
    aud,
    client_id: randomUUID(),
    scope: `openid profile ${scope}`,
    iat: now,
    exp: now + 3600,
    jti: randomUUID(),
    sid: randomUUID(),
    preferred_username: `user-${sub.slice(0, 8)}@example.com`,
  };
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answer(
    { issuer, jwksUri: `${issuer}/jwks` },
    {
      mint,
      jwksFetches: () => jwksFetches,
    },
  );
});
