import { createHmac, createPublicKey, type webcrypto } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { exportSPKI, generateKeyPair, importJWK } from 'jose';
import { AuthInfo, type JwtOptions } from 'nestjs-mcp-auth';
import { adapters, bearer, oneResource, RESOURCE, startApp } from '../support/app.js';
import { Issuer, type MintOptions } from '../support/issuer.js';
import { serve, useIssuer } from '../support/serve.js';

@Controller('notes')
class NotesController {
  @Get() get(@AuthInfo() { subject, clientId, scopes }: AuthInfo) {
    return { subject, clientId, scopes };
  }
}

interface Case {
  name: string;
  /** The token, or what to mint. */
  token: MintOptions | ((issuer: Issuer, other: Issuer) => Promise<string>);
  /** The `error_description` of the answer. `undefined` if the token is accepted. */
  refused?: string;
  answer?: Record<string, unknown>;
}

const MALFORMED = 'The access token is malformed.';
const ALGORITHM = 'The access token is signed with an algorithm that is not accepted.';
const TYPE = 'The access token is of a type that is not accepted.';
const ISSUER = 'The access token was issued by an authorization server that is not trusted.';
const SIGNATURE = 'The signature of the access token could not be verified.';
const EXPIRED = 'The access token expired.';
const NOT_YET = 'The access token is not valid yet.';
const AUDIENCE = 'The access token is not meant for this resource.';
const CLAIM = 'A claim of the access token is missing or malformed.';

const now = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Returns options for a token that is valid, except for these claims. */
const claims = (more: Record<string, unknown>): MintOptions => ({
  audience: RESOURCE,
  claims: more,
});
const header = (more: Record<string, unknown>): MintOptions => ({
  audience: RESOURCE,
  header: more,
});

/** Makes a token without a library, for contents that a library would refuse to sign. */
async function forge(
  issuer: Issuer,
  { header, claims }: { header: unknown; claims?: Record<string, unknown> },
  sign: (input: string) => string = () => '',
): Promise<string> {
  const payload = { iss: issuer.url, aud: RESOURCE, sub: 'alice', exp: now() + 300, ...claims };
  const input = `${encode(header)}.${encode(payload)}`;
  return Promise.resolve(`${input}.${sign(input)}`);
}

const accepted: Case[] = [
  {
    name: 'a token of RFC 9068',
    token: claims({ scope: 'a b' }),
    answer: { subject: 'alice', clientId: 'client-1', scopes: ['a', 'b'] },
  },
  { name: 'typ application/at+jwt in any case', token: header({ typ: 'application/AT+JWT' }) },
  { name: 'typ JWT', token: header({ typ: 'JWT' }) },
  { name: 'no typ', token: header({ typ: undefined }) },
  {
    name: 'scheme and host of the audience in upper case',
    token: { audience: RESOURCE.replace('https://api.example.com', 'HTTPS://API.Example.COM') },
  },
  {
    name: 'several audiences, one of which is right',
    token: { audience: ['https://other.example.com', RESOURCE] },
  },
  {
    name: 'scopes as an array in scope',
    token: claims({ scope: ['a', 'b'] }),
    answer: { scopes: ['a', 'b'] },
  },
  { name: 'scopes in scp', token: claims({ scp: 'a b' }), answer: { scopes: ['a', 'b'] } },
  { name: 'scopes as an array in scp', token: claims({ scp: ['a'] }), answer: { scopes: ['a'] } },
  { name: 'scopes in scopes', token: claims({ scopes: ['a'] }), answer: { scopes: ['a'] } },
  { name: 'scope before scp', token: claims({ scope: 'a', scp: 'b' }), answer: { scopes: ['a'] } },
  { name: 'no scope', token: claims({}), answer: { scopes: [] } },
  {
    name: 'the client in azp',
    token: claims({ client_id: undefined, azp: 'app' }),
    answer: { clientId: 'app' },
  },
  { name: 'no client', token: claims({ client_id: undefined }), answer: { clientId: '' } },
  { name: 'no subject', token: claims({ sub: undefined }) },
  {
    name: 'an access token with a nonce whose typ is at+jwt',
    token: { ...claims({ nonce: 'n' }), header: { typ: 'application/at+jwt' } },
  },
  {
    name: 'an access token with a nonce that calls itself Bearer, as of Keycloak',
    token: { ...claims({ nonce: 'n', typ: 'Bearer' }), header: { typ: 'JWT' } },
  },
  {
    name: 'a nonce that is null',
    token: { ...claims({ nonce: null }), header: { typ: 'JWT' } },
  },
  {
    name: 'claims that are null, as if they were absent',
    token: claims({
      ...{ sub: null, scope: null, client_id: null, azp: null, cid: 'app', nbf: null, iat: null },
      ...{ cnf: null, jti: null, scp: 'a' },
    }),
    answer: { clientId: 'app', scopes: ['a'] },
  },
  {
    name: 'an expiry just past, within the clock tolerance',
    token: async (i) => i.mint(claims({ exp: now() - 1 })),
  },
  { name: 'no kid, if exactly one key fits', token: header({ kid: undefined }) },
];

const refused: Case[] = [
  { name: 'not a JWT', token: async () => 'abc', refused: MALFORMED },
  { name: 'two parts', token: async () => 'abc.def', refused: MALFORMED },
  {
    name: 'a header that is not JSON',
    token: async (i) => `abc.${encode({ iss: i.url })}.`,
    refused: MALFORMED,
  },
  {
    name: 'a payload that is not an object',
    token: async (i) => `${encode({ alg: 'ES256', kid: i.kid })}.${encode([1])}.c2ln`,
    refused: MALFORMED,
  },
  {
    name: 'five parts (JWE)',
    token: async () => `${encode({ alg: 'dir', enc: 'A256GCM' })}....`,
    refused: MALFORMED,
  },
  {
    name: 'alg none',
    token: async (i) => forge(i, { header: { alg: 'none' } }),
    refused: ALGORITHM,
  },
  {
    name: 'alg NoNe',
    token: async (i) => forge(i, { header: { alg: 'NoNe' } }),
    refused: ALGORITHM,
  },
  {
    name: 'HS256 with the public key as the secret',
    token: hs256WithThePublicKey,
    refused: ALGORITHM,
  },
  {
    name: 'an algorithm that is not a string',
    token: async (i) => forge(i, { header: { alg: ['ES256'] } }),
    refused: MALFORMED,
  },
  {
    name: 'an algorithm that does not fit the key',
    token: async (i) => forge(i, { header: { alg: 'RS256', kid: i.kid } }, () => 'c2ln'),
    refused: SIGNATURE,
  },
  {
    name: 'no signature',
    token: async (i) => forge(i, { header: { alg: 'ES256', kid: i.kid } }),
    refused: SIGNATURE,
  },
  { name: 'a payload changed after signing', token: tampered, refused: SIGNATURE },
  {
    name: 'another key under a known kid',
    token: async (i) =>
      i.mint({ audience: RESOURCE, key: (await generateKeyPair('ES256')).privateKey }),
    refused: SIGNATURE,
  },
  { name: 'an unknown kid', token: header({ kid: 'unknown' }), refused: SIGNATURE },
  {
    name: 'an unknown crit',
    token: async (i) =>
      forge(i, { header: { alg: 'ES256', kid: i.kid, crit: ['x'], x: 1 } }, () => 'c2ln'),
    refused: SIGNATURE,
  },
  {
    name: 'an unencoded payload (b64)',
    token: async (i) =>
      forge(i, { header: { alg: 'ES256', kid: i.kid, crit: ['b64'], b64: false } }, () => 'c2ln'),
    refused: SIGNATURE,
  },
  {
    name: 'typ of an ID token of another kind',
    token: header({ typ: 'logout+jwt' }),
    refused: TYPE,
  },
  { name: 'typ of a DPoP proof', token: header({ typ: 'dpop+jwt' }), refused: TYPE },
  {
    name: 'typ that is not a string',
    token: async (i) => forge(i, { header: { alg: 'ES256', typ: 1 } }),
    refused: TYPE,
  },
  ...['nonce', 'at_hash', 'c_hash', 's_hash'].flatMap((claim): Case[] => [
    {
      name: `an ID token with ${claim} that names the resource, typ JWT`,
      token: { ...claims({ [claim]: 'x' }), header: { typ: 'JWT' } },
      refused: TYPE,
    },
    {
      name: `an ID token with ${claim} that names the resource, no typ`,
      token: { ...claims({ [claim]: 'x' }), header: { typ: undefined } },
      refused: TYPE,
    },
  ]),
  ...['at_hash', 'c_hash', 's_hash'].map((claim): Case => ({
    name: `an ID token with ${claim} that calls itself Bearer`,
    token: { ...claims({ [claim]: 'x', typ: 'Bearer' }), header: { typ: 'JWT' } },
    refused: TYPE,
  })),
  {
    name: 'an ID token among several audiences',
    token: {
      audience: ['client-1', RESOURCE],
      claims: { nonce: 'n', azp: 'client-1' },
      header: { typ: 'jwt' },
    },
    refused: TYPE,
  },
  ...[{ token_use: 'id' }, { typ: 'ID' }, { typ: 'ID', token_use: 'access' }].map((says): Case => ({
    name: `an ID token that says ${JSON.stringify(says)}`,
    token: { ...claims(says), header: { typ: 'JWT' } },
    refused: TYPE,
  })),
  {
    name: 'a trusted issuer, signed by another issuer',
    token: async (i, other) => i.mint({ audience: RESOURCE, key: other.privateKey }),
    refused: SIGNATURE,
  },
  {
    name: 'an issuer that is not trusted',
    token: async (_, other) => other.mint({ audience: RESOURCE }),
    refused: ISSUER,
  },
  { name: 'no issuer', token: claims({ iss: undefined }), refused: ISSUER },
  {
    name: 'an issuer with a trailing slash',
    token: async (i) => i.mint(claims({ iss: `${i.url}/` })),
    refused: ISSUER,
  },
  {
    name: 'an issuer that is an array',
    token: async (i) => i.mint(claims({ iss: [i.url] })),
    refused: ISSUER,
  },
  { name: 'no exp', token: claims({ exp: undefined }), refused: CLAIM },
  { name: 'an exp in the past', token: claims({ exp: now() - 60 }), refused: EXPIRED },
  { name: 'an exp that is a string', token: claims({ exp: String(now() + 300) }), refused: CLAIM },
  { name: 'an nbf in the future', token: claims({ nbf: now() + 60 }), refused: NOT_YET },
  { name: 'an iat in the future', token: claims({ iat: now() + 60 }), refused: NOT_YET },
  { name: 'an iat that is a string', token: claims({ iat: 'now' }), refused: CLAIM },
  { name: 'no audience', token: claims({ aud: undefined }), refused: AUDIENCE },
  { name: 'an audience that is null', token: claims({ aud: null }), refused: AUDIENCE },
  { name: 'an exp that is null', token: claims({ exp: null }), refused: CLAIM },
  { name: 'another audience', token: { audience: 'https://other.example.com' }, refused: AUDIENCE },
  {
    name: 'an audience that the resource begins with',
    token: { audience: 'https://api.example.com' },
    refused: AUDIENCE,
  },
  {
    name: 'an audience that begins with the resource',
    token: { audience: `${RESOURCE}/more` },
    refused: AUDIENCE,
  },
  {
    name: 'the audience in another case',
    token: { audience: RESOURCE.toUpperCase() },
    refused: AUDIENCE,
  },
  {
    name: 'an audience that is an object',
    token: claims({ aud: { [RESOURCE]: true } }),
    refused: AUDIENCE,
  },
  { name: 'a subject that is a number', token: claims({ sub: 1 }), refused: CLAIM },
  { name: 'a client that is an object', token: claims({ client_id: {} }), refused: CLAIM },
  { name: 'a scope that is a number', token: claims({ scope: 1 }), refused: CLAIM },
  { name: 'a scope that is an array of numbers', token: claims({ scope: [1] }), refused: CLAIM },
  {
    name: 'claims with CR LF and quotes',
    token: claims({ exp: 1, sub: 'a"\r\nSet-Cookie: x=1', 'x"\r\n': '"' }),
    refused: EXPIRED,
  },
];

async function tampered(issuer: Issuer): Promise<string> {
  const [head, , signature] = (await issuer.mint(claims({}))).split('.');
  const payload = encode({ iss: issuer.url, aud: RESOURCE, sub: 'admin', exp: now() + 300 });
  return `${head}.${payload}.${signature}`;
}

async function hs256WithThePublicKey(issuer: Issuer): Promise<string> {
  const jwk = await issuer.publicJwk();
  const pem = await exportSPKI((await importJWK(jwk, 'ES256')) as webcrypto.CryptoKey);
  expect(createPublicKey(pem).asymmetricKeyType).toBe('ec');
  return forge(issuer, { header: { alg: 'HS256', kid: issuer.kid, typ: 'at+jwt' } }, (input) =>
    createHmac('sha256', pem).update(input).digest('base64url'),
  );
}

describe.each(adapters)('JWT access tokens, on %s', (adapter) => {
  const server = serve(adapter, { controllers: [NotesController] });
  const { issuer } = server;
  const other = useIssuer();

  beforeEach(() => {
    issuer.requests.length = 0;
    other.requests.length = 0;
  });

  const mint = ({ token }: Case) =>
    typeof token === 'function' ? token(issuer, other) : issuer.mint(token);

  it.each(accepted)('accepts $name', async (test) => {
    const response = await server.get('notes', await mint(test));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject(test.answer ?? {});
  });

  it.each(refused)('rejects $name', async (test) => {
    const token = await mint(test);
    const response = await server.get('notes', token);
    const body = await response.text();
    expect([response.status, JSON.parse(body)]).toEqual([
      401,
      { error: 'invalid_token', error_description: test.refused },
    ]);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(body).not.toContain(token);
  });

  it.each([['jku'], ['x5u']])('never follows the %s header', async (name) => {
    const key = (await generateKeyPair('ES256')).privateKey;
    const token = await issuer.mint({ ...header({ [name]: `${other.url}/jwks` }), key });
    const response = await server.get('notes', token);
    expect(response.status).toBe(401);
    expect(other.requests).toEqual([]);
  });

  it('never uses the key of the jwk header', async () => {
    const token = await issuer.mint({
      ...header({ jwk: await other.publicJwk(), kid: undefined }),
      key: other.privateKey,
    });
    expect((await server.get('notes', token)).status).toBe(401);
  });

  it('fetches nothing for a token that cannot be valid by any key', async () => {
    const tokens = [
      await other.mint({ audience: RESOURCE }),
      await issuer.mint(header({ typ: 'dpop+jwt', kid: 'new' })),
      await forge(issuer, { header: { alg: 'HS256', kid: 'new' } }),
    ];
    for (const token of tokens) {
      expect((await server.get('notes', token)).status).toBe(401);
    }
    expect([...issuer.requests, ...other.requests]).toEqual([]);
  });

  it('rejects a token of 100 KB', async () => {
    const token = `${await issuer.mint(claims({}))}${'A'.repeat(100_000)}`;
    const response = await server.get('notes', token);
    expect([401, 431]).toContain(response.status);
  });
});

describe('jwt options', () => {
  const issuer = useIssuer();

  const rules: { name: string; jwt: JwtOptions; token: MintOptions; refused?: string }[] = [
    { name: 'algorithms', jwt: { algorithms: ['RS256'] }, token: claims({}), refused: ALGORITHM },
    { name: 'algorithms', jwt: { algorithms: ['ES256'] }, token: claims({}) },
    { name: 'clockTolerance', jwt: { clockTolerance: 120 }, token: claims({ exp: now() - 60 }) },
    {
      name: 'clockTolerance',
      jwt: { clockTolerance: 0 },
      token: claims({ exp: now() - 1 }),
      refused: EXPIRED,
    },
    {
      name: 'requiredClaims',
      jwt: { requiredClaims: ['tenant'] },
      token: claims({}),
      refused: CLAIM,
    },
    { name: 'requiredClaims', jwt: { requiredClaims: ['tenant'] }, token: claims({ tenant: 'a' }) },
    { name: 'typ', jwt: { typ: 'at+jwt' }, token: header({ typ: 'JWT' }), refused: TYPE },
    { name: 'typ', jwt: { typ: 'at+jwt' }, token: header({ typ: undefined }), refused: TYPE },
    { name: 'typ', jwt: { typ: ['application/at+jwt', 'x'] }, token: header({ typ: 'at+jwt' }) },
    {
      name: 'maxTokenAge',
      jwt: { maxTokenAge: 60 },
      token: claims({ iat: now() - 90 }),
      refused: 'The access token was issued too long ago.',
    },
    { name: 'maxTokenAge', jwt: { maxTokenAge: 60 }, token: claims({ iat: now() - 30 }) },
    {
      name: 'maxTokenAge without iat',
      jwt: { maxTokenAge: 60 },
      token: claims({ iat: undefined }),
      refused: CLAIM,
    },
    {
      name: 'maxTokenAge and an iat in the future',
      jwt: { maxTokenAge: 60 },
      token: claims({ iat: now() + 60 }),
      refused: NOT_YET,
    },
  ];

  it.each(rules)('$name: $jwt $refused', async ({ jwt, token, refused: description }) => {
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url, { jwt }),
      controllers: [NotesController],
    });
    const response = await fetch(`${url}/notes`, bearer(await issuer.mint(token)));
    expect(((await response.json()) as Record<string, unknown>).error_description).toBe(
      description,
    );
  });

  it.each(['RS256', 'PS256', 'ES384', 'EdDSA'])('verifies %s', async (algorithm) => {
    const signer = await Issuer.start({ algorithm });
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(signer.url),
      controllers: [NotesController],
    });
    const response = await fetch(`${url}/notes`, bearer(await signer.mint(claims({}))));
    expect(response.status).toBe(200);
    await signer.down();
  });
});
