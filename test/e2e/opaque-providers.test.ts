import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AuthInfo, type VerifyToken } from 'nestjs-mcp-auth';
import { adapters, bearer, startApp, stopApps } from '../support/app.js';
import { json } from '../support/issuer.js';
import { GITHUB_CLIENT, githubVerifier } from '../support/providers/github.js';
import { GOOGLE_CLIENT, googleVerifier } from '../support/providers/google.js';
import { AUDIENCE, ISSUER, MCP } from '../support/providers/provider.js';

@Controller('notes')
class NotesController {
  @Get() get(@AuthInfo() { issuer, subject, clientId, scopes }: AuthInfo) {
    return { issuer, subject, clientId, scopes };
  }
}

const MALFORMED = 'The access token is malformed.';
const REJECTED = 'The access token is not valid.';
const EXPIRED = 'The access token expired.';

type Said = [body: object, status?: number];

interface Api {
  name: string;
  issuer: string;
  audience: string;
  verifier: (url: string) => VerifyToken;
  /** The answer of the provider's API for a token: the body, and the status if it is not 200. */
  answer: (request: IncomingMessage) => Said | Promise<Said>;
  caller: Record<string, unknown>;
  good: string;
  refused: [name: string, token: string, description: string][];
  unavailable: string;
}

const google: Api = {
  name: 'Google',
  issuer: 'https://accounts.google.com',
  audience: GOOGLE_CLIENT,
  verifier: googleVerifier,
  answer: ({ url = '' }) => {
    const token = new URL(url, 'http://localhost').searchParams.get('access_token');
    if (token === 'ya29.down') {
      return [{}, 500];
    }
    const known = {
      aud: token === 'ya29.other' ? '9876543210-xyz.apps.googleusercontent.com' : GOOGLE_CLIENT,
      azp: GOOGLE_CLIENT,
      sub: '110248495921238986420',
      scope: 'openid https://www.googleapis.com/auth/userinfo.email',
      exp: token === 'ya29.old' ? '1700000000' : '4000000000',
      expires_in: '3599',
      access_type: 'online',
    };
    return token === 'ya29.revoked'
      ? [{ error: 'invalid_token', error_description: 'Invalid Value' }, 400]
      : [known];
  },
  good: 'ya29.good',
  caller: {
    issuer: 'https://accounts.google.com',
    subject: '110248495921238986420',
    clientId: GOOGLE_CLIENT,
    scopes: ['openid', 'https://www.googleapis.com/auth/userinfo.email'],
  },
  refused: [
    ['a token of another client', 'ya29.other', AUDIENCE],
    ['a token that is revoked', 'ya29.revoked', REJECTED],
    ['a token that expired', 'ya29.old', EXPIRED],
    ['a token of another provider', 'gho_good', MALFORMED],
  ],
  unavailable: 'ya29.down',
};

const github: Api = {
  name: 'GitHub',
  issuer: 'https://github.com/login/oauth',
  audience: GITHUB_CLIENT,
  verifier: (url) => githubVerifier(url, { clientId: GITHUB_CLIENT, clientSecret: 'secret' }),
  answer: async (request) => {
    const credentials = Buffer.from(`${GITHUB_CLIENT}:secret`).toString('base64');
    const isOurs =
      request.method === 'POST' &&
      request.url === `/applications/${GITHUB_CLIENT}/token` &&
      request.headers.authorization === `Basic ${credentials}`;
    const { access_token: token } = JSON.parse(await text(request)) as { access_token: string };
    if (!isOurs || token === 'gho_down') {
      return [{}, 503];
    }
    const known = {
      app: { client_id: GITHUB_CLIENT, name: 'Notes' },
      user: { id: 583231, login: 'octocat' },
      scopes: ['read:user'],
      expires_at: token === 'gho_old' ? '2023-11-14T22:13:20Z' : null,
    };
    return token === 'gho_unknown' ? [{ message: 'Not Found' }, 404] : [known];
  },
  good: 'gho_good',
  caller: {
    issuer: 'https://github.com/login/oauth',
    subject: '583231',
    clientId: GITHUB_CLIENT,
    scopes: ['read:user'],
  },
  refused: [
    ['a token of another application, or revoked', 'gho_unknown', REJECTED],
    ['a token that expired', 'gho_old', EXPIRED],
    ['a personal access token', 'ghp_good', MALFORMED],
  ],
  unavailable: 'gho_down',
};

const cases = adapters.flatMap((adapter) =>
  [google, github].map((api) => ({ ...api, adapter, title: `${api.name}, on ${adapter}` })),
);

describe.each(cases)('$title', ({ adapter, answer, refused, ...api }) => {
  let server: Server;
  let asked = 0;
  const start = async (audience: string, issuer = api.issuer) => {
    const { port } = server.address() as AddressInfo;
    const { url } = await startApp({
      adapter,
      options: {
        protectedResources: {
          metadata: { resource: MCP, authorizationServers: [issuer] },
          audience,
          tokenVerifier: api.verifier(`http://localhost:${port}`),
        },
      },
      controllers: [NotesController],
    });
    return url;
  };
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked++;
      void Promise.resolve(answer(request)).then((said) => json(response, ...said));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = await start(api.audience);
  });

  afterAll(async () => {
    await stopApps();
    await new Promise((resolve) => server.close(resolve));
  });

  const present = async (token: string, at = url) => {
    const response = await fetch(`${at}/notes`, bearer(token));
    return [response.status, await response.json()];
  };

  it('accepts an access token for the configured client', async () => {
    expect(await present(api.good)).toEqual([200, api.caller]);
  });

  it.each(refused)('rejects %s', async (_, token, description) => {
    asked = 0;
    expect(await present(token)).toEqual([
      401,
      { error: 'invalid_token', error_description: description },
    ]);
    expect(asked).toBe(description === MALFORMED ? 0 : 1);
  });

  it('answers 503 if the API is unavailable', async () => {
    expect(await present(api.unavailable)).toMatchObject([
      503,
      { error: 'temporarily_unavailable' },
    ]);
  });

  it('rejects tokens if the resource names another client', async () => {
    expect(await present(api.good, await start('another-client'))).toMatchObject([
      401,
      { error_description: AUDIENCE },
    ]);
  });

  it('rejects tokens if the resource trusts another issuer', async () => {
    const elsewhere = await start(api.audience, 'https://auth.example.com');
    expect(await present(api.good, elsewhere)).toMatchObject([401, { error_description: ISSUER }]);
  });
});
