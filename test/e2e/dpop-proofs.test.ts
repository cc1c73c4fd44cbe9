import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, type JWK } from 'jose';
import {
  InvalidDpopProofError,
  InvalidTokenError,
  type InvalidDpopProofReason,
} from 'nestjs-mcp-auth';
import { adapters, RESOURCE, stopApps } from '../support/app.js';
import { Laboratory, send } from '../support/dpop/laboratory.js';
import { badProofs, bound, notPossessed, unreadable, uri } from '../support/dpop/refusals.js';

const METADATA =
  'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/notes"';
const MODES = ['accepted', 'required'] as const;

const right = bound(({ key, token }) => key.proof(token));
const byReason = Object.entries(badProofs).flatMap(([reason, cases]) =>
  cases.map(([clause, name, make]) => ({
    clause,
    name,
    make,
    description: new InvalidDpopProofError(reason as InvalidDpopProofReason).message,
  })),
);

describe.each(adapters)('DPoP proofs on %s', (adapter) => {
  let lab: Laboratory;
  const urls = { accepted: '', required: '' };

  beforeAll(async () => {
    lab = await Laboratory.open(adapter);
    for (const mode of MODES) {
      urls[mode] = await lab.start({ mode, algorithms: ['ES256'] });
    }
  });

  afterAll(async () => {
    await stopApps();
    await lab.issuer.down();
  });

  describe.each(MODES)('with dpop: %s', (mode) => {
    /** Returns one challenge for each scheme. The challenge of the scheme in use has the error. */
    const challenge = (scheme: 'Bearer' | 'DPoP', error: string, description: unknown) => {
      const wrong = `error="${error}", error_description="${String(description).replaceAll('"', '\\"')}", `;
      const [ofBearer, ofDpop] =
        mode === 'accepted' && scheme === 'Bearer' ? [wrong, ''] : ['', wrong];
      const dpop = `DPoP ${ofDpop}${METADATA}, algs="ES256"`;
      return mode === 'required' ? dpop : `Bearer ${ofBearer}${METADATA}, ${dpop}`;
    };

    it('are accepted if they are correct', async () => {
      const { status, body } = await send(urls[mode], await lab.make(right));
      expect({ status, body }).toEqual({ status: 200, body: { subject: 'alice' } });
    });

    it.each(byReason)(
      'are rejected by section $clause: $name',
      async ({ make, description: error_description }) => {
        const { status, body, headers } = await send(urls[mode], await lab.make(make));
        const error = 'invalid_dpop_proof';
        expect({ status, ...body }).toEqual({ status: 401, error, error_description });
        expect(headers['www-authenticate']).toBe(challenge('DPoP', error, error_description));
        expect(headers['access-control-expose-headers']).toContain('WWW-Authenticate');
      },
    );

    it.each(notPossessed)('section %s: %s is rejected', async (_clause, _name, make) => {
      const sent = await lab.make(make);
      const { status, body, headers } = await send(urls[mode], sent);
      const error_description = new InvalidTokenError('possession').message;
      expect({ status, ...body }).toEqual({
        status: 401,
        error: 'invalid_token',
        error_description,
      });
      const scheme = String(sent.authorization).startsWith('DPoP') ? 'DPoP' : 'Bearer';
      expect(headers['www-authenticate']).toBe(
        challenge(scheme, 'invalid_token', error_description),
      );
    });

    it.each(unreadable)('section %s: %s is answered 400', async (_clause, _name, make) => {
      const { status, body, headers } = await send(urls[mode], await lab.make(make));
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_request' });
      expect(headers['www-authenticate']).toBe(
        challenge('DPoP', 'invalid_request', body.error_description),
      );
    });
  });

  it.each([
    ['RS256', 'an RSA key of 1024 bits', () => generateKeyPairSync('rsa', { modulusLength: 1024 })],
    ['ES256', 'a key of P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ])('are rejected if signed as %s with %s (section 4.3-6)', async (alg, _name, makePair) => {
    const { publicKey, privateKey } = makePair();
    const jwk = publicKey.export({ format: 'jwk' }) as JWK;
    const token = await lab.mint({ jkt: await calculateJwkThumbprint(jwk) });
    const [, payload = ''] = (await lab.made.key.proof(token)).split('.');
    const header = Buffer.from(JSON.stringify({ alg, typ: 'dpop+jwt', jwk })).toString('base64url');
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' as const };
    const signature = sign('sha256', Buffer.from(`${header}.${payload}`), key);
    const dpop = `${header}.${payload}.${signature.toString('base64url')}`;
    const url = await lab.start('accepted');
    const { status, body } = await send(url, { authorization: `DPoP ${token}`, dpop });
    expect({ status, ...body }).toEqual({
      status: 401,
      error: 'invalid_dpop_proof',
      error_description: new InvalidDpopProofError('key').message,
    });
  });

  it.each([
    ['HEAD', 'HEAD', 200],
    ['GET', 'HEAD', 401],
    ['HEAD', 'GET', 401],
  ])('for %s, used with %s, are answered %i (section 4.3-8)', async (htm, method, status) => {
    const sent = await lab.make(bound(({ key, token }) => key.proof(token, { method: htm })));
    const headers = sent as Record<string, string>;
    expect((await fetch(`${urls.accepted}/notes`, { method, headers })).status).toBe(status);
  });

  it('are accepted only once (section 11.1)', async () => {
    const sent = await lab.make(right);
    expect((await send(urls.accepted, sent)).status).toBe(200);
    const { status, body } = await send(urls.accepted, sent);
    expect({ status, ...body }).toEqual({
      status: 401,
      error: 'invalid_dpop_proof',
      error_description: 'The DPoP proof was used before.',
    });
  });

  it('are accepted only once, however many copies come at the same time', async () => {
    const sent = await lab.make(right);
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(urls.accepted, sent)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('with the same jti are both accepted if two different keys made the proofs', async () => {
    const { key, other } = lab.made;
    const claims = { jti: 'the same' };
    const statuses = [];
    for (const owner of [key, other, key]) {
      const token = await lab.mint({ jkt: owner.jkt });
      const dpop = await owner.proof(token, { claims });
      statuses.push((await send(urls.accepted, { authorization: `DPoP ${token}`, dpop })).status);
    }
    expect(statuses).toEqual([200, 200, 401]);
  });

  it('that were rejected are not counted as used', async () => {
    const sent = await lab.make(right);
    expect((await send(urls.accepted, { ...sent, method: 'POST' })).status).toBe(401);
    expect((await send(urls.accepted, sent)).status).toBe(200);
  });

  it('are required with each request, though the token is cached', async () => {
    const token = await lab.mint();
    expect((await send(urls.accepted, await lab.make(right, token))).status).toBe(200);
    expect((await send(urls.accepted, { authorization: `DPoP ${token}` })).status).toBe(401);
    expect((await send(urls.accepted, { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await send(urls.accepted, await lab.make(right, token))).status).toBe(200);
  });

  it('are accepted if the guard runs twice for one request', async () => {
    const sent = await lab.make(uri('https://api.example.com/twice'));
    expect((await send(urls.accepted, { ...sent, path: '/twice' })).status).toBe(200);
  });

  it.each([
    ['in upper case', 'HTTPS://API.Example.COM/notes', '/notes'],
    ['with the default port', 'https://api.example.com:443/notes', '/notes'],
    ['with a query and a fragment', `${RESOURCE}?a=b#c`, '/notes'],
    ['without the query of the request', RESOURCE, '/notes?a=b'],
    ['with dot segments', 'https://api.example.com/a/../notes', '/notes'],
    ['percent-encoded where it need not be', 'https://api.example.com/%6eotes', '/notes'],
    ['not encoded where the request is', `${RESOURCE}/~a`, '/notes/%7ea'],
    ['percent-encoded in another case', `${RESOURCE}/a%2Fb`, '/notes/a%2fb'],
  ])('are accepted with the URI %s (section 4.3-9)', async (_name, htu, path) => {
    expect((await send(urls.accepted, { ...(await lab.make(uri(htu))), path })).status).toBe(200);
  });
});
