import { CompactEncrypt, CompactSign, UnsecuredJWT } from 'jose';
import type { InvalidDpopProofReason } from 'nestjs-mcp-auth';
import { RESOURCE } from '../app.js';
import type { DpopKey } from './key.js';

/** The token and the keys from which a case is made. */
export interface Made {
  token: string;
  /** The key that the token is bound to. */
  key: DpopKey;
  /** The key of another client. */
  other: DpopKey;
  /** A key with an algorithm that the resource does not accept. */
  rsa: DpopKey;
}

/** The parts of a request. A list is sent as several header fields. */
export interface Sent {
  authorization?: string | string[];
  dpop?: string | string[];
  method?: string;
  path?: string;
  /** The other header fields. */
  [header: string]: string | string[] | undefined;
}

/** The clause of RFC 9449 that a request violates, the name of the case, and a function that makes the request. */
export type Case = [clause: string, name: string, make: (made: Made) => Promise<Sent>];

const seconds = () => Math.floor(Date.now() / 1000);
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
/** Returns a function that makes a request with a bound token and this proof. */
export const bound = (proof: (made: Made) => Promise<string> | string) => async (made: Made) => ({
  authorization: `DPoP ${made.token}`,
  dpop: await proof(made),
});
export const claims = (changed: Record<string, unknown>) =>
  bound(({ key, token }) => key.proof(token, { claims: changed }));
const header = (changed: Record<string, unknown>) =>
  bound(({ key, token }) => key.proof(token, { header: changed }));
export const uri = (changed: string) =>
  bound(({ key, token }) => key.proof(token, { uri: changed }));

/** Returns a function that makes a request with a signed proof that has these bytes as its payload. */
const payload = (bytes: Uint8Array) =>
  bound(({ key }) =>
    new CompactSign(bytes)
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk })
      .sign(key.privateKey),
  );

/** For each reason of a rejection, the requests with such a proof. */
export const badProofs: Record<InvalidDpopProofReason, Case[]> = {
  missing: [
    ['7.1', 'no DPoP header', async ({ token }) => ({ authorization: `DPoP ${token}` })],
    ['7.1', 'an empty DPoP header', bound(() => '')],
  ],
  several: [
    [
      '4.3-1',
      'two DPoP headers',
      async ({ token, key }) => ({
        authorization: `DPoP ${token}`,
        dpop: [await key.proof(token), await key.proof(token)],
      }),
    ],
    [
      '4.3-1',
      'two proofs in one DPoP header',
      bound(async ({ key, token }) => `${await key.proof(token)}, ${await key.proof(token)}`),
    ],
  ],
  malformed: [
    ['4.3-2', 'something that is no JWT', bound(() => 'proof')],
    [
      '4.3-2',
      'a JWT without its signature',
      bound(async ({ key, token }) => (await key.proof(token)).replace(/\.[^.]*$/, '')),
    ],
    ['4.3-2', 'a proof of more than 8192 characters', claims({ padding: 'x'.repeat(8000) })],
    ['4.3-2', 'a payload that is no JSON', payload(new Uint8Array([1, 2, 3]))],
    ['4.3-2', 'a payload that is an array', payload(text([]))],
    ['4.3-2', 'an extension that is not understood', header({ crit: ['x'], x: 1 })],
    ['4.3-3', 'no jti', claims({ jti: undefined })],
    ['4.3-3', 'an empty jti', claims({ jti: '' })],
    ['4.3-3', 'a jti that is a number', claims({ jti: 1 })],
    ['4.3-3', 'no htm', claims({ htm: undefined })],
    ['4.3-3', 'an htm that is a list', claims({ htm: ['GET'] })],
    ['4.3-3', 'no htu', claims({ htu: undefined })],
    ['4.3-3', 'an htu that is a list', claims({ htu: [RESOURCE] })],
    ['4.3-3', 'no iat', claims({ iat: undefined })],
    ['4.3-3', 'an iat that is a string', claims({ iat: String(seconds()) })],
    ['4.3-3', 'an exp that is a string', claims({ exp: String(seconds() + 60) })],
  ],
  type: [
    ['4.3-4', 'typ JWT', header({ typ: 'JWT' })],
    ['4.3-4', 'no typ', header({ typ: undefined })],
    ['4.3-4', 'the access token itself', bound(({ token }) => token)],
  ],
  algorithm: [
    [
      '4.3-5',
      'alg none',
      bound(({ key }) => {
        const [, body = ''] = new UnsecuredJWT({}).encode().split('.');
        const unsigned = text({ alg: 'none', typ: 'dpop+jwt', jwk: key.jwk });
        return `${Buffer.from(unsigned).toString('base64url')}.${body}.`;
      }),
    ],
    [
      '4.3-5',
      'a symmetric algorithm, with the secret in the header',
      bound(({ key, token }) => {
        const secret = new Uint8Array(32).fill(7);
        const jwk = { kty: 'oct', k: Buffer.from(secret).toString('base64url') };
        return key.proof(token, { header: { alg: 'HS256', jwk }, key: secret });
      }),
    ],
    [
      '4.3-5',
      'a symmetric algorithm, with the public key as the secret',
      bound(({ key, token }) => key.proof(token, { header: { alg: 'HS256' }, key: text(key.jwk) })),
    ],
    [
      '4.3-5',
      'an algorithm that the resource does not accept',
      bound(({ rsa, token }) => rsa.proof(token)),
    ],
    [
      '4.3-2',
      'a JWE',
      bound(async ({ key }) =>
        new CompactEncrypt(text({}))
          .setProtectedHeader({ alg: 'dir', enc: 'A128GCM', typ: 'dpop+jwt', jwk: key.jwk })
          .encrypt(new Uint8Array(16)),
      ),
    ],
  ],
  key: [
    [
      '4.3-7',
      'a private key',
      bound(async ({ key, token }) =>
        key.proof(token, { header: { jwk: await key.privateJwk() } }),
      ),
    ],
    [
      '4.3-7',
      'a public key with a private member',
      bound(async ({ key, token }) =>
        key.proof(token, { header: { jwk: { ...key.jwk, p: 'AQAB' } } }),
      ),
    ],
    ['4.3-7', 'a symmetric key', header({ jwk: { kty: 'oct', k: 'AQAB' } })],
    ['4.3-6', 'no key', header({ jwk: undefined })],
    ['4.3-6', 'a key that is no object', header({ jwk: 'key' })],
    ['4.3-6', 'a key that is null', header({ jwk: null })],
    ['4.3-6', 'a key of an unknown type', header({ jwk: { kty: 'X' } })],
    ['4.3-6', 'a key without its coordinates', header({ jwk: { kty: 'EC', crv: 'P-256' } })],
  ],
  signature: [
    [
      '4.3-6',
      'a signature by another key',
      bound(({ key, other, token }) => key.proof(token, { key: other.privateKey })),
    ],
    [
      '4.3-6',
      'the payload of another proof',
      bound(async ({ key, token }) => {
        const [head, , signature] = (await key.proof(token)).split('.');
        return [head, (await key.proof(token)).split('.')[1], signature].join('.');
      }),
    ],
  ],
  method: [
    ['4.3-8', 'another method', claims({ htm: 'POST' })],
    ['4.3-8', 'the method in lower case', claims({ htm: 'get' })],
    [
      '4.3-8',
      'a proof for GET, used to POST',
      async (made) => ({ ...(await claims({})(made)), method: 'POST' }),
    ],
  ],
  uri: [
    ['4.3-9', 'another host', uri('https://evil.example.com/notes')],
    ['4.3-9', 'another scheme', uri('http://api.example.com/notes')],
    ['4.3-9', 'another port', uri('https://api.example.com:8443/notes')],
    ['4.3-9', 'another path', uri('https://api.example.com/note')],
    ['4.3-9', 'a slash after the path', uri('https://api.example.com/notes/')],
    ['4.3-9', 'the path in another case', uri('https://api.example.com/Notes')],
    ['4.3-9', 'a user in the URI', uri('https://api.example.com@api.example.com/notes')],
    ['4.3-9', 'a relative URI', uri('/notes')],
    ['4.3-9', 'a URI with a backslash', uri('https://api.example.com\\notes')],
    ['4.3-9', 'a URI with a line break', uri('https://api.example.com/no\ntes')],
    ['4.3-9', 'the address behind the proxy', uri('http://localhost/notes')],
    [
      '4.3-9',
      'a proof for another path',
      async (made) => ({ ...(await claims({})(made)), path: '/twice' }),
    ],
    [
      '4.3-9',
      'a reserved character that is not encoded',
      async (made) => ({ ...(await uri(`${RESOURCE}/a/b`)(made)), path: '/notes/a%2Fb' }),
    ],
    [
      '4.3-9',
      'a request whose target is a whole URI',
      async (made) => ({ ...(await uri(RESOURCE)(made)), path: RESOURCE }),
    ],
    [
      '4.3-9',
      'a request with dot segments',
      async (made) => ({ ...(await uri('https://api.example.com/')(made)), path: '/notes/..' }),
    ],
    [
      '4.3-9',
      'an htu that is no URI, for a request with dot segments',
      async (made) => ({ ...(await uri('no URI')(made)), path: '/notes/..' }),
    ],
  ],
  time: [
    ['4.3-11', 'an iat too long ago', claims({ iat: seconds() - 90 })],
    ['4.3-11', 'an iat in the future', claims({ iat: seconds() + 90 })],
    [
      '4.3-11',
      'an iat that is infinite',
      payload(
        new TextEncoder().encode(
          JSON.stringify({ jti: 'x', htm: 'GET', htu: RESOURCE, ath: 'x', iat: 0 }).replace(
            '"iat":0',
            '"iat":1e400',
          ),
        ),
      ),
    ],
    ['4.3-11', 'an exp in the past', claims({ exp: seconds() - 90 })],
    ['4.3-11', 'an nbf in the future', claims({ nbf: seconds() + 90 })],
  ],
  token: [
    ['4.3-12', 'no ath', claims({ ath: undefined })],
    [
      '4.3-12',
      'the ath of another token',
      claims({ ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo' }),
    ],
    [
      '4.3-12',
      'the token itself as ath',
      bound(({ key, token }) => key.proof(token, { claims: { ath: token } })),
    ],
  ],
  replayed: [],
};

/** Requests with a bound token that do not prove possession of its key as section 7.1 demands. */
export const notPossessed: Case[] = [
  ['4.3-12', 'a proof by another key', bound(({ other, token }) => other.proof(token))],
  [
    '7.2',
    'a bound token as a Bearer token',
    async ({ token }) => ({ authorization: `Bearer ${token}` }),
  ],
  [
    '7.2',
    'a bound token as a Bearer token, with a valid proof',
    async ({ token, key }) => ({ authorization: `Bearer ${token}`, dpop: await key.proof(token) }),
  ],
];

/** Requests with an Authorization header that cannot be read. */
export const unreadable: Case[] = [
  ['7.1', 'the scheme alone', async () => ({ authorization: 'DPoP' })],
  [
    '7.1',
    'two tokens',
    async ({ token, key }) => ({
      authorization: `DPoP ${token} ${token}`,
      dpop: await key.proof(token),
    }),
  ],
  [
    '7.1',
    'two Authorization headers',
    async ({ token, key }) => ({
      authorization: [`DPoP ${token}`, `Bearer ${token}`],
      dpop: await key.proof(token),
    }),
  ],
];
