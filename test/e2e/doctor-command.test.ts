import { afterEach, describe, expect, it } from '@jest/globals';
import { commands } from '../../lib/cli/commands.js';
import { examineMcpServer } from '../../lib/doctor/examine-mcp-server.js';
import type { Report } from '../../lib/doctor/report.js';
import { answering, useBreakableServer } from '../support/breakable-mcp-server.js';
import { json } from '../support/issuer.js';
import { runInTerminal } from '../support/terminal.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

const running = useBreakableServer();

async function doctor(...args: string[]) {
  return runInTerminal(commands, ['doctor', ...args]);
}

async function examine(...args: string[]): Promise<Report> {
  const { stdout, stderr } = await doctor(running.server.url, '--json', ...args);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Report;
}

function statuses({ findings }: Report) {
  return Object.fromEntries(findings.map(({ check, status }) => [check, status]));
}

describe('nestjs-mcp-auth doctor', () => {
  it('prints a checklist of a good server', async () => {
    const { status, stdout } = await doctor(running.server.url);
    const [mcpServer = '', authorizationServer = ''] = stdout.split('\n\n');
    expect(mcpServer).toMatch(`${running.server.url}\n  ok       https `);
    expect(mcpServer).toContain('\n  skipped  dpop ');
    expect(authorizationServer).toMatch(
      `Authorization server ${running.issuer.url}\n  ok       server_metadata `,
    );
    expect(stdout).toMatch(/\n\n0 problems, 0 warnings, 27 ok\.\n$/);
    expect(status).toBe(0);
  });

  it('has exit status 1 for problems, but not for warnings', async () => {
    running.server.metadata = { scopes_supported: ['offline_access'] };
    expect((await doctor(running.server.url)).status).toBe(0);
    running.server.metadata = { authorization_servers: [] };
    expect((await doctor(running.server.url)).status).toBe(1);
  });

  it('finds metadata at the root', async () => {
    running.server.challenge = () => 'Bearer';
    running.server.answer(`${WELL_KNOWN}/mcp`, answering(404));
    running.server.answer(WELL_KNOWN, (_request, response) => {
      json(response, { resource: running.server.url, authorization_servers: [running.issuer.url] });
    });
    expect(statuses(await examine())).toMatchObject({
      metadata_well_known: 'problem',
      metadata_root: 'ok',
      resource: 'ok',
      pkce: 'ok',
    });
  });

  it('does not judge the CORS of origins that the server does not name', async () => {
    running.server.answer('POST /mcp', ({ headers }, response) => {
      response.writeHead(headers.origin === undefined ? 401 : 403).end();
    });
    expect(statuses(await examine())).toMatchObject({
      cors_preflight: 'ok',
      cors_challenge: 'skipped',
    });
  });

  it('has no findings about a challenge if there is no challenge', async () => {
    running.server.answer('/mcp', answering(404));
    expect(statuses(await examine())).toMatchObject({
      bare_request: 'problem',
      challenge: 'skipped',
      bogus_token: 'skipped',
      cors_preflight: 'skipped',
      metadata_in_challenge: 'skipped',
      metadata_well_known: 'ok',
      resource: 'ok',
    });
  });

  it('asks at most five authorization servers', async () => {
    const issuers = Array.from({ length: 50 }, (_, index) => `${running.issuer.url}/${index}`);
    running.server.metadata = { authorization_servers: issuers };
    const { findings } = await examine();
    expect(findings.filter(({ check }) => check === 'server_metadata')).toHaveLength(5);
    expect(findings.find(({ check }) => check === 'authorization_servers')?.description).toContain(
      'Only the first 5 are asked.',
    );
  });

  it('changes nothing at the server without --register', async () => {
    await examine();
    const asked = running.server.requests.map(({ method, url }) => `${method} ${url}`);
    expect(new Set(asked)).toEqual(
      new Set(['POST /mcp', 'OPTIONS /mcp', `GET ${WELL_KNOWN}/mcp`, `GET ${WELL_KNOWN}`]),
    );
    expect(running.issuer.count('/register')).toBe(0);
  });

  it('closes the sessions that it opens at a server without a token', async () => {
    running.server.answer('POST /mcp', answering(200, { 'mcp-session-id': 'session-1' }));
    await examine();
    const requests = running.server.requests.map(({ method, headers }) => ({ method, headers }));
    const opened = requests.filter(({ method }) => method === 'POST');
    const closed = requests.filter(({ headers }) => headers['mcp-session-id'] === 'session-1');
    expect(closed.map(({ method }) => method)).toEqual(opened.map(() => 'DELETE'));
  });

  it('follows no redirect', async () => {
    running.server.answer('/mcp', answering(307, { location: '/elsewhere' }));
    running.server.answer(`${WELL_KNOWN}/mcp`, answering(307, { location: '/elsewhere' }));
    await examine();
    expect(running.server.requests.map(({ url }) => url)).not.toContain('/elsewhere');
  });

  it('escapes and shortens texts that servers send', async () => {
    const hostile = `\u001b]0;owned\u0007\u009b2J\u202e${'x'.repeat(5000)}`;
    running.server.metadata = {
      resource: hostile,
      scopes_supported: [hostile],
      authorization_servers: [`https://${hostile}`],
    };
    for (const output of [
      await doctor(running.server.url),
      await doctor(running.server.url, '--json'),
    ]) {
      expect(output.stdout).toContain('\\u001b]0;owned');
      expect(output.stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(output.stdout.length).toBeLessThan(20_000);
    }
  });
});

describe('nestjs-mcp-auth doctor cannot run', () => {
  it.each([
    [[], 'needs one <mcp-server-url>'],
    [['notes.example.com/mcp'], '<mcp-server-url> must be an absolute URL'],
    [['ftp://notes.example.com/mcp'], '<mcp-server-url> must use the scheme https: or http:'],
    [['https://notes.example.com/mcp#top'], '<mcp-server-url> must not have a fragment'],
    [['https://notes.example.com/mcp', '--verbose'], "Unknown option '--verbose'"],
  ])('with the arguments %j', async (args, message) => {
    const { status, stderr } = await doctor(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(`nestjs-mcp-auth doctor: ${message}`);
    expect(stderr).toContain('Usage: npx nestjs-mcp-auth doctor');
  });

  it('if nothing listens at the URL', async () => {
    running.server.stop();
    expect(await doctor(running.server.url)).toEqual({
      status: 2,
      stdout: '',
      stderr: `nestjs-mcp-auth doctor: ${running.server.url} could not be reached (ECONNREFUSED).\n`,
    });
  });

  it('if the server never answers', async () => {
    running.server.answer('/mcp', () => undefined);
    await expect(examineMcpServer(running.server.url, { timeout: 50 })).rejects.toThrow(
      `${running.server.url} gave no answer in time.`,
    );
  });

  it('if the host has no address', async () => {
    const { status, stderr } = await doctor('https://nothing.invalid/mcp');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^nestjs-mcp-auth doctor: https:\/\/nothing\.invalid\/mcp could not be reached.*\n$/,
    );
  });
});

describe('an answer that never ends', () => {
  it('is a problem if it is the metadata', async () => {
    running.server.answer(`${WELL_KNOWN}/mcp`, (_request, response) => {
      response.writeHead(200).write('{');
    });
    const report = await examineMcpServer(running.server.url, { timeout: 300 });
    expect(statuses(report)).toMatchObject({
      metadata_in_challenge: 'problem',
      bare_request: 'ok',
    });
  });

  it('is no problem if it is an event stream', async () => {
    running.server.answer('POST /mcp', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
    });
    expect(statuses(await examine()).bare_request).toBe('problem');
  });
});

describe('nestjs-mcp-auth doctor --register', () => {
  const CLIENT = { client_id: 'client-7', registration_access_token: 'registration-secret' };

  function registering(status: number, client: object): void {
    running.issuer.answer('/register', (_request, response) => {
      json(response, client, status);
    });
  }

  async function registration() {
    const { stdout } = await doctor(running.server.url, '--register', '--json');
    const { findings } = JSON.parse(stdout) as Report;
    expect(stdout).not.toContain('registration-secret');
    return findings.find(({ check }) => check === 'registration');
  }

  afterEach(() => {
    for (const path of ['/register', '/register/client-7']) {
      running.issuer.answer(path, undefined);
    }
  });

  it('registers a client, and deletes it with the token of the registration', async () => {
    const deletions: (string | undefined)[] = [];
    registering(201, {
      ...CLIENT,
      registration_client_uri: `${running.issuer.url}/register/client-7`,
    });
    running.issuer.answer('/register/client-7', ({ method, headers }, response) => {
      deletions.push(`${method} ${headers.authorization}`);
      response.writeHead(204).end();
    });
    expect(await registration()).toMatchObject({ status: 'ok', server: running.issuer.url });
    expect(deletions).toEqual(['DELETE Bearer registration-secret']);
  });

  it('names the client that it cannot delete', async () => {
    registering(201, CLIENT);
    expect(await registration()).toMatchObject({
      status: 'warning',
      description: 'A client could be registered, but not deleted. It is still there: "client-7".',
    });
  });

  it('sends the token of the registration to no other origin', async () => {
    registering(201, { ...CLIENT, registration_client_uri: `${running.server.url}/clients/7` });
    expect((await registration())?.status).toBe('warning');
    expect(running.server.requests.map(({ url }) => url)).not.toContain('/mcp/clients/7');
  });

  it.each([
    [400, { error: 'invalid_redirect_uri' }, 'problem', '(400, error "invalid_redirect_uri")'],
    [401, {}, 'warning', '(401)'],
    [201, {}, 'problem', 'no client_id'],
    [500, {}, 'problem', '(500)'],
  ])('reports the answer %i %j to the registration', async (status, body, expected, seen) => {
    registering(status, body);
    const finding = await registration();
    expect(finding?.status).toBe(expected);
    expect(finding?.description).toContain(seen);
  });

  it('skips a server without registration', async () => {
    running.issuer.metadata = { registration_endpoint: undefined };
    expect((await registration())?.status).toBe('skipped');
  });
});
