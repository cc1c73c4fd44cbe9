import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Client,
  discoverOAuthProtectedResourceMetadata as discover,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import type { ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { Page } from '../docs/support/page.js';
import { adapters } from '../support/app.js';
import { DpopKey } from '../support/dpop/key.js';
import { derOf, WRITERS, x5tOf } from '../support/forwarded-certificate.js';
import { call } from '../support/mcp/wire.js';
import { missingPrograms } from '../support/process/missing-programs.js';
import { OTHER_SELF_SIGNED as CLIENT, SELF_SIGNED as OTHER } from '../support/self-signed.js';
import { Deployment } from './deployment.js';
import { PROGRAMS } from './programs.js';
import { PAGE } from './recipe.js';
import type { Visitor } from './visitor.js';

const ENDPOINT = 'https://example.com/notes/mcp';
const CERTIFICATE = derOf(CLIENT.cert);

const missing = missingPrograms(PROGRAMS.map(({ name }) => name));
const page = await Page.open(PAGE);

interface Notes {
  notes: ProtectedResourceOptions;
}
const { notes } = await page.run<Notes>('The application');
const { notes: belowPrefix } = await page.run<Notes>('Where only the prefix is routed');
const recipes = await Promise.all(
  PROGRAMS.map(async (program) => ({
    ...program,
    program,
    ...(await page.run<Pick<ProtectedResourceOptions, 'clientCertificate'>>(program.heading)),
  })),
);

const post = async ({ fetch }: Visitor, headers: Record<string, string> = {}) => {
  const type = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const body = JSON.stringify(call('tools/list'));
  return fetch(ENDPOINT, { method: 'POST', body, headers: { ...type, ...headers } });
};

const statusOf = async (visitor: Visitor, headers: Record<string, string>) =>
  (await post(visitor, headers)).status;

const connect = async (fetch: Visitor['fetch'], headers: Record<string, string>) => {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const requestInit = { headers };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(ENDPOINT), { fetch, requestInit }),
  );
  return client;
};

describe.each(recipes)('behind $name', ({ name, program, clientCertificate }) => {
  const describeIt = missing.includes(name) ? describe.skip : describe;

  describeIt.each(adapters)('on %s, an application', (adapter) => {
    let deployment: Deployment;
    beforeAll(async () => {
      deployment = await Deployment.start(program, adapter, { ...notes, clientCertificate });
    });
    afterAll(() => deployment.stop());

    const authorized = async (claims?: Record<string, unknown>) => ({
      authorization: `Bearer ${await deployment.mint(claims)}`,
    });

    it('names its public URL in the challenge', async () => {
      const { status, headers } = await post(deployment.visit());
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toContain(
        'resource_metadata="https://example.com/.well-known/oauth-protected-resource/notes/mcp"',
      );
    });

    it('is discovered by an MCP client', async () => {
      const document = await discover(ENDPOINT, {}, deployment.visit().fetch);
      expect(document.resource).toBe(ENDPOINT);
    });

    it('does not get requests for other well-known paths, which the proxy answers with 404', async () => {
      const { fetch } = deployment.visit();
      for (const name of ['oauth-protected-resource', 'oauth-authorization-server']) {
        expect((await fetch(`https://example.com/.well-known/${name}`)).status).toBe(404);
      }
    });

    it('serves an MCP client', async () => {
      const client = await connect(deployment.visit().fetch, await authorized());
      const { content } = await client.callTool({ name: 'whoami' });
      expect(content).toEqual([{ type: 'text', text: 'alice' }]);
      await client.close();
    });

    it('sends the first event while its handler still runs', async () => {
      const { body } = await deployment.visit().fetch('https://example.com/notes/events', {
        headers: await authorized(),
        signal: AbortSignal.timeout(5000),
      });
      const events = [];
      for await (const event of body ?? []) {
        events.push(Buffer.from(event as Uint8Array).toString());
        deployment.controller.release();
      }
      expect(events).toEqual(['data: first\n\n', 'data: last\n\n']);
    });

    it('tells an MCP client the progress of a tool that still runs', async () => {
      const client = await connect(deployment.visit().fetch, await authorized());
      const onprogress = () => deployment.controller.release();
      const watched = client.callTool({ name: 'watch' }, { onprogress, timeout: 5000 });
      expect((await watched).content).toEqual([{ type: 'text', text: 'released' }]);
      await client.close();
    });

    it('accepts a token of 12,000 characters', async () => {
      const headers = await authorized({ padding: 'x'.repeat(9000) });
      expect(headers.authorization.length).toBeGreaterThan(12_000);
      expect(await statusOf(deployment.visit(), headers)).toBe(200);
    });

    describe('with a token that is bound to a client certificate', () => {
      const bound = () => authorized({ cnf: { 'x5t#S256': x5tOf(CERTIFICATE) } });

      it('accepts the token with this certificate, also if a connection resumes a TLS session', async () => {
        const visitor = deployment.visit(CLIENT);
        const headers = await bound();
        expect([await statusOf(visitor, headers), visitor.isResuming]).toEqual([200, false]);
        await visitor.hangUp();
        expect([await statusOf(visitor, headers), visitor.isResuming]).toEqual([200, true]);
      });

      it.each([
        ['without a certificate', undefined],
        ['with another certificate', OTHER],
      ])(
        'refuses the token %s, whatever the client writes into the header',
        async (_, identity) => {
          const { header } = clientCertificate as { header: string };
          const visitor = deployment.visit(identity);
          expect(await statusOf(visitor, await bound())).toBe(401);
          for (const write of Object.values(WRITERS)) {
            const forged = { ...(await bound()), [header]: write(CERTIFICATE) };
            expect(await statusOf(visitor, forged)).toBe(401);
          }
        },
      );

      it('accepts an unbound token without a certificate', async () => {
        expect(await statusOf(deployment.visit(), await authorized())).toBe(200);
      });
    });

    describe('with DPoP', () => {
      it('accepts the proofs of an MCP client, which name the public URL', async () => {
        const key = await DpopKey.make();
        const token = await deployment.mint({ cnf: { jkt: key.jkt } });
        const { fetch } = deployment.visit();
        const proving: Visitor['fetch'] = async (url, init) => {
          const headers = new Headers(init?.headers);
          const { method } = init ?? {};
          headers.set('dpop', await key.proof(token, { uri: String(url), method }));
          return fetch(url, { ...init, headers });
        };
        const client = await connect(proving, { authorization: `DPoP ${token}` });
        expect(await client.listTools()).toMatchObject({ tools: [{ name: 'whoami' }, {}] });
        await client.close();
      });

      it('refuses a proof for the URL that the application sees', async () => {
        const uri = 'https://example.com/mcp';
        const key = await DpopKey.make();
        const token = await deployment.mint({ cnf: { jkt: key.jkt } });
        const dpop = await key.proof(token, { uri, method: 'POST' });
        const headers = { authorization: `DPoP ${token}`, dpop };
        expect(await statusOf(deployment.visit(), headers)).toBe(401);
      });
    });
  });

  describeIt.each(adapters)(
    'on %s, an application with its metadata below the prefix',
    (adapter) => {
      let deployment: Deployment;
      beforeAll(async () => {
        deployment = await Deployment.start(program, adapter, belowPrefix);
      });
      afterAll(() => deployment.stop());

      it('is discovered by its challenge', async () => {
        const visitor = deployment.visit();
        const challenge = (await post(visitor)).headers.get('www-authenticate') ?? '';
        const [, resourceMetadataUrl] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
        expect(resourceMetadataUrl).toBe('https://example.com/notes/metadata');
        const document = await discover(ENDPOINT, { resourceMetadataUrl }, visitor.fetch);
        expect(document.resource).toBe(ENDPOINT);
      });
    },
  );
});
