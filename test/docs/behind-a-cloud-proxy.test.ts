import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AuthInfo, RequireScopes, type ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { adapters, startApp, stopApps } from '../support/app.js';
import { Issuer } from '../support/issuer.js';
import { Page } from './support/page.js';

interface Example {
  notes: ProtectedResourceOptions;
}

const page = await Page.open('docs/behind-a-cloud-proxy.md');
const cloudflare = await page.run<Example>('Cloudflare Access');
const google = await page.run<Example>('Google IAP');

@Controller('notes')
class NotesController {
  @Get() @RequireScopes('read:notes') list(@AuthInfo() caller: AuthInfo) {
    return { subject: caller.subject, principal: caller.principal.split('.')[0] };
  }

  @Get('new') @RequireScopes('write:notes') add() {
    return {};
  }
}

/** The JWTs that each proxy documents, with the options of the page. Only the URL of the keys differs. */
const PROXIES = [
  {
    name: 'Cloudflare Access',
    options: cloudflare.notes,
    algorithm: 'RS256',
    claims: {
      aud: ['32eafc7626e974616deaf0dc3ce63d7bcbed58a2731e84d06bc3cdf1b53c4228'],
      email: 'bob@example.com',
      iss: 'https://acme.cloudflareaccess.com',
      type: 'app',
      identity_nonce: '6ei69kawdKzMIAPF',
      sub: '7335d417-61da-459d-899c-0a01c76a2f94',
      country: 'US',
    },
    caller: { subject: '7335d417-61da-459d-899c-0a01c76a2f94', principal: 'user' },
  },
  {
    name: 'a service token of Cloudflare Access',
    options: cloudflare.notes,
    algorithm: 'RS256',
    claims: {
      aud: ['32eafc7626e974616deaf0dc3ce63d7bcbed58a2731e84d06bc3cdf1b53c4228'],
      iss: 'https://acme.cloudflareaccess.com',
      type: 'app',
      common_name: 'e367826f93b8d71185e03fe518aff3b4.access',
      sub: '',
    },
    caller: { subject: '', principal: 'client' },
  },
  {
    name: 'Google IAP',
    options: google.notes,
    algorithm: 'ES256',
    claims: {
      aud: '/projects/123456789/global/backendServices/987654321',
      iss: 'https://cloud.google.com/iap',
      sub: 'accounts.google.com:1234567890',
      email: 'bob@example.com',
      hd: 'example.com',
      google: { access_levels: [] },
    },
    caller: { subject: 'accounts.google.com:1234567890', principal: 'user' },
  },
];

describe.each(PROXIES.flatMap((proxy) => adapters.map((adapter) => ({ ...proxy, adapter }))))(
  'the options for $name, on $adapter',
  ({ options, algorithm, claims, caller, adapter }) => {
    const proxy = new Issuer({ algorithm });
    let url: string;

    beforeAll(async () => {
      await proxy.begin();
      const proxyAssertion = { ...options.proxyAssertion, jwksUri: `${proxy.url}/jwks` };
      const resource = { ...options, proxyAssertion } as ProtectedResourceOptions;
      ({ url } = await startApp({
        adapter,
        options: { protectedResources: resource },
        controllers: [NotesController],
      }));
    });
    afterAll(async () => {
      await stopApps();
      await proxy.down();
    });

    const call = async (path: string, change: Record<string, unknown> = {}) => {
      const jwt = await proxy.mint({
        header: { typ: 'JWT' },
        claims: { client_id: undefined, jti: undefined, ...claims, ...change },
      });
      return fetch(`${url}/${path}`, { headers: { [options.proxyAssertion?.header ?? '']: jwt } });
    };

    it('accept an assertion of the proxy', async () => {
      const response = await call('notes');
      expect([response.status, await response.json()]).toEqual([200, caller]);
      expect((await call('notes/new')).status).toBe(403);
    });

    it('refuse an assertion of the proxy for another application', async () => {
      expect((await call('notes', { aud: 'another' })).status).toBe(401);
    });
  },
);

it('runs every example of docs/behind-a-cloud-proxy.md', () => {
  expect(page.notRun).toEqual([]);
});
