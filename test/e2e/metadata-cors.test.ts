import { afterEach, describe, expect, it } from '@jest/globals';
import { adapters, startApp, stopApps } from '../support/app.js';

const ORIGIN = 'https://app.example.com';
const PATH = '/.well-known/oauth-protected-resource';

afterEach(stopApps);

describe.each(adapters)('the metadata of an application with CORS of its own, on %s', (adapter) => {
  it.each([
    ['credentials for all', { credentials: true }],
    ['credentials for whoever asks', { origin: true, credentials: true }],
    ['credentials for one origin', { origin: ORIGIN, credentials: true }],
    ['no credentials', {}],
  ])('allows every origin, and no credentials: %s', async (_, cors) => {
    const metadata = { authorizationServers: ['https://auth.example.com'] };
    const { url } = await startApp({
      adapter,
      options: {
        protectedResources: [
          { metadata: { resource: 'https://api.example.com/notes', ...metadata } },
          {
            metadata: { resource: 'https://api.example.com/t/{tenant}', ...metadata },
            tenants: ['a'],
          },
        ],
      },
      setUp: (app) => app.enableCors(cors),
    });
    const ask = async (path: string, method: string, headers = {}) => {
      const response = await fetch(`${url}${PATH}${path}`, {
        method,
        headers: { origin: ORIGIN, ...headers },
      });
      return [
        response.status,
        response.headers.get('access-control-allow-origin'),
        response.headers.get('access-control-allow-credentials'),
        response.headers.get('etag'),
      ];
    };
    const [status, , , etag] = await ask('/notes', 'GET');
    expect(status).toBe(200);
    expect(await ask('/notes', 'GET')).toEqual([200, '*', null, etag]);
    expect(await ask('/notes', 'HEAD')).toEqual([200, '*', null, etag]);
    expect(await ask('/notes', 'GET', { 'if-none-match': etag })).toEqual([304, '*', null, etag]);
    expect((await ask('/t/a', 'GET')).slice(0, 3)).toEqual([200, '*', null]);
    expect((await ask('/t/b', 'GET')).slice(0, 3)).toEqual([404, '*', null]);
  });
});
