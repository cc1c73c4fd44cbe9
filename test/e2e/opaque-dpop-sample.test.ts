import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { TokenRevocations } from 'nestjs-mcp-auth';
import {
  startAuthorizationServer,
  type AuthorizationServer,
} from '../../sample/opaque-dpop/authorization-server.js';
import { EXPORTER } from '../../sample/opaque-dpop/clients.js';
import { createApp } from '../../sample/opaque-dpop/create-app.js';
import type { Scene } from '../../sample/opaque-dpop/scene.js';
import { walkThrough } from '../../sample/opaque-dpop/walk-through.js';
import { adapters } from '../support/app.js';
import { freePort } from '../support/mcp-flow/free-port.js';

describe.each(adapters)('the walk-through of the opaque DPoP sample, on %s', (adapter) => {
  let authorizationServer: AuthorizationServer;
  let app: INestApplication;
  let resource: string;
  let asked: number;

  beforeAll(async () => {
    const port = await freePort();
    resource = `http://localhost:${port}/reports`;
    authorizationServer = await startAuthorizationServer(resource);
    app = await createApp({ resource, issuer: authorizationServer.issuer }, adapter);
    await app.listen(port, 'localhost');
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await app.close();
    await authorizationServer.close();
  });

  /** Returns the lines that the sample prints. */
  const tell = async (changes: Partial<Scene> = {}) => {
    const told = jest.spyOn(console, 'log').mockReturnValue(undefined);
    asked = authorizationServer.introspections();
    await walkThrough({
      resource,
      introspections: () => authorizationServer.introspections() - asked,
      revoke: async () => undefined,
      ...changes,
    });
    return told.mock.calls.flat().join('\n');
  };
  const revoke = () => {
    const { issuer } = authorizationServer;
    return app.get(TokenRevocations).revokeSubject({ issuer, subject: EXPORTER.client_id });
  };

  it('fails if the token is not revoked', async () => {
    await expect(tell()).rejects.toThrow('failed at step 11: it was answered 200');
  });

  it('fails if the token is not introspected exactly once', async () => {
    await expect(tell({ introspections: () => 0 })).rejects.toThrow(
      'failed at step 6: the token was introspected 0 times',
    );
  });

  it('fails if the resource is not protected', async () => {
    const open = createServer((_request, response) => response.end('{}')).listen(0, 'localhost');
    await once(open, 'listening');
    const { port } = open.address() as { port: number };
    await expect(tell({ resource: `http://localhost:${port}/reports` })).rejects.toThrow(
      'failed at step 1: it was answered 200',
    );
    open.closeAllConnections();
    open.close();
  });

  it('goes from the first challenge to the revoked token', async () => {
    const story = await tell({ revoke });
    expect(story.match(/^\d+\. /gm)).toHaveLength(11);
    expect(story).toMatch(/The access token was revoked\.$/);
  });
});

describe('the command of the opaque DPoP sample', () => {
  const main = fileURLToPath(new URL('../../sample/opaque-dpop/main.ts', import.meta.url));
  const typescript = new URL('../support/process/typescript.mjs', import.meta.url).href;

  const run = async (port: number) => {
    const child = spawn(process.execPath, ['--import', typescript, main, '--once'], {
      env: { ...process.env, PORT: String(port) },
    });
    const closed = once(child, 'close');
    const [out, error] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { code: child.exitCode, out, error };
  };

  it('exits with success after the walk-through', async () => {
    const { code, out } = await run(await freePort());
    expect(out).toContain('11. The operator revokes');
    expect(code).toBe(0);
  }, 30_000);

  it('exits with an error if it cannot start', async () => {
    const taken = createServer().listen(0, 'localhost');
    await once(taken, 'listening');
    const { code, error } = await run((taken.address() as { port: number }).port);
    expect(error).toContain('opaque-dpop: listen EADDRINUSE');
    expect(code).toBe(1);
    taken.close();
  }, 30_000);
});
