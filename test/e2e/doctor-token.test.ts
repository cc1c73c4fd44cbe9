import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair } from 'jose';
import { commands } from '../../lib/cli/commands.js';
import { readToken } from '../../lib/cli/token-input.js';
import { examineMcpServer } from '../../lib/doctor/examine-mcp-server.js';
import type { Finding } from '../../lib/doctor/finding.js';
import { BreakableMcpServer, useBreakableServer } from '../support/breakable-mcp-server.js';
import type { MintOptions } from '../support/issuer.js';
import { runInTerminal, type TerminalOptions } from '../support/terminal.js';

const now = () => Math.floor(Date.now() / 1000);

const running = useBreakableServer();

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'doctor-'));
});
afterAll(() => rm(directory, { recursive: true }));

function doctor(args: string[], options?: TerminalOptions) {
  return runInTerminal(commands, ['doctor', running.server.url, ...args], options);
}

async function mint(options: MintOptions = {}): Promise<string> {
  return running.issuer.mint({ audience: running.server.url, ...options });
}

/** Returns the findings about a token, by check. */
async function findingsOf(token: string): Promise<Record<string, Finding>> {
  const { findings } = await examineMcpServer(running.server.url, { token });
  const ofToken = findings.filter(({ check }) => check.startsWith('token_'));
  return Object.fromEntries(ofToken.map((finding) => [finding.check, finding]));
}

function sentTokens(): (string | undefined)[] {
  return running.server.requests.map(({ headers }) => headers.authorization);
}

/**
 * Starts a server that sends the token back. It writes to the socket, since the leak detector of the tests rejects
 * answers of `node:http` with a token in them.
 */
async function startEcho(): Promise<Server> {
  const echo = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', (data) => {
        const [, sent = ''] = /^authorization: Bearer (.*)\r$/im.exec(data.toString()) ?? [];
        const description = `bad: ${sent} ${sent.slice(0, 30)}`;
        socket.end(
          `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer error="invalid_token", error_description="${description}"\r\nContent-Length: 0\r\n\r\n`,
        );
      });
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  return echo;
}

describe('nestjs-mcp-auth doctor with a token', () => {
  it('finds no problem with a good token', async () => {
    const token = await mint({ claims: { scope: 'notes', nbf: now() } });
    running.server.token = token;
    const findings = await findingsOf(token);
    expect(Object.keys(findings)).toEqual([
      'token_accepted',
      'token_issuer',
      'token_audience',
      'token_type',
      'token_expiry',
      'token_not_before',
      'token_issued_at',
      'token_algorithm',
      'token_signature',
      'token_scopes',
      'token_binding',
    ]);
    expect(Object.values(findings).filter(({ status }) => status !== 'ok')).toEqual([]);
  });

  it.each<[string, MintOptions, string, Finding['status'], string]>([
    [
      'of another issuer',
      { claims: { iss: 'https://other.example.com' } },
      'token_issuer',
      'problem',
      '"iss" is "https://other.example.com"; expected one of: "http://localhost:',
    ],
    [
      'whose issuer is not known',
      { claims: { iss: 'https://other.example.com' } },
      'token_signature',
      'skipped',
      'not known',
    ],
    [
      'for another resource',
      { audience: 'https://other.example.com/mcp' },
      'token_audience',
      'problem',
      '"aud" is "https://other.example.com/mcp"; expected one of: "http://localhost:',
    ],
    [
      'with a number as iss',
      { claims: { iss: 7 } },
      'token_issuer',
      'problem',
      '"iss" is not accepted',
    ],
    ['without an audience', { audience: [] }, 'token_audience', 'problem', 'not meant for'],
    [
      'that expired',
      { claims: { exp: 1_700_000_000 } },
      'token_expiry',
      'problem',
      '"exp" is 2023-11-14T22:13:20.000Z',
    ],
    ['without exp', { claims: { exp: undefined } }, 'token_expiry', 'problem', '"exp" is missing'],
    [
      'with a text as exp',
      { claims: { exp: 'soon' } },
      'token_expiry',
      'problem',
      '"exp" is not accepted',
    ],
    ['with a huge exp', { claims: { exp: 1e300 } }, 'token_expiry', 'ok', 'in the future'],
    [
      'that is not valid yet',
      { claims: { nbf: now() + 900 } },
      'token_not_before',
      'problem',
      '"nbf" is 20',
    ],
    [
      'from the future',
      { claims: { iat: now() + 900 } },
      'token_issued_at',
      'problem',
      '"iat" is 20',
    ],
    [
      'of another type',
      { header: { typ: 'logout+jwt' } },
      'token_type',
      'problem',
      '"typ" is "logout+jwt"',
    ],
    [
      'that is an ID token',
      { header: { typ: undefined }, claims: { nonce: 'n-1' } },
      'token_type',
      'problem',
      'of a type that is not accepted',
    ],
    ['without the scopes', { claims: { scope: 'other' } }, 'token_scopes', 'warning', '"notes"'],
    [
      'with an unknown key id',
      { header: { kid: 'x' } },
      'token_signature',
      'problem',
      'No key of the issuer has the "kid"',
    ],
    [
      'bound to a key',
      { claims: { cnf: { jkt: 'thumbprint' } } },
      'token_binding',
      'ok',
      'a key (DPoP)',
    ],
    [
      'bound in another way',
      { claims: { cnf: { kid: '7' } } },
      'token_binding',
      'warning',
      'not known',
    ],
  ])('has the finding for a token %s', async (_, options, check, status, seen) => {
    const { [check]: finding } = await findingsOf(await mint(options));
    expect(finding?.status).toBe(status);
    expect(finding?.description).toContain(seen);
  });

  it('says that another key has signed a token', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const { token_signature: finding } = await findingsOf(await mint({ key: privateKey }));
    expect(finding?.description).toBe('No key of the issuer has signed the token.');
  });

  it('says that a token is not signed', async () => {
    const header = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    const [, payload] = (await mint()).split('.');
    const findings = await findingsOf(`${header}.${payload}.`);
    expect(findings.token_algorithm).toMatchObject({ status: 'problem' });
    expect(findings.token_algorithm?.description).toContain('"alg" is "none"');
    expect(findings.token_signature?.status).toBe('problem');
  });

  it('says that the server requires DPoP', async () => {
    running.server.metadata = { dpop_bound_access_tokens_required: true };
    expect((await findingsOf(await mint())).token_binding?.status).toBe('problem');
  });

  it('sends an opaque token to the server, but does not read it', async () => {
    expect(await findingsOf('good')).toMatchObject({
      token_accepted: { status: 'ok' },
      token_claims: { status: 'skipped' },
    });
  });

  it('only warns of another audience, issuer and type if the server accepts them', async () => {
    const header = { typ: 'custom+jwt' };
    const token = await mint({
      audience: 'api://notes',
      claims: { iss: 'https://sts.example' },
      header,
    });
    running.server.token = token;
    expect(await findingsOf(token)).toMatchObject({
      token_accepted: { status: 'ok' },
      token_audience: { status: 'warning' },
      token_issuer: { status: 'warning' },
      token_type: { status: 'warning' },
    });
  });

  it('checks a token for a server without metadata', async () => {
    running.server.challenge = () => 'Bearer';
    running.server.answer(new URL(running.server.metadataUrl).pathname, (_request, response) => {
      response.writeHead(404).end();
    });
    const findings = await findingsOf(await mint());
    expect(findings).toMatchObject({
      token_audience: { status: 'ok' },
      token_signature: { status: 'skipped' },
    });
    expect(findings).not.toHaveProperty('token_issuer');
  });

  it.each([
    [
      401,
      'Bearer error="invalid_token", error_description="It expired."',
      'error "invalid_token", error_description "It expired."',
    ],
    [401, undefined, '(401). It does not say why.'],
    [
      403,
      'Bearer error="insufficient_scope", scope="admin"',
      'error "insufficient_scope", scope "admin"',
    ],
    [503, undefined, 'cannot tell whether it accepts the token (503)'],
    [307, undefined, 'a redirect (307) to /elsewhere. The token was not sent there.'],
  ])('tells that the server answers %i with %j', async (status, challenge, seen) => {
    running.server.answer('POST /mcp', ({ headers }, response) => {
      const isToken = headers.authorization === 'Bearer opaque';
      if (isToken && challenge !== undefined) {
        response.setHeader('www-authenticate', challenge);
      }
      response.writeHead(isToken ? status : 401, { location: '/elsewhere' }).end();
    });
    const { token_accepted: finding } = await findingsOf('opaque');
    expect(finding?.status).toBe('problem');
    expect(finding?.description).toContain(seen);
    expect(running.server.requests.map(({ url }) => url)).not.toContain('/elsewhere');
  });

  it('does not know what 406 means', async () => {
    running.server.answer('POST /mcp', (_request, response) => {
      response.writeHead(406).end();
    });
    expect((await findingsOf('opaque')).token_accepted?.status).toBe('warning');
  });

  it('closes the session that the server opens', async () => {
    running.server.headers = { 'mcp-session-id': 'session-1' };
    await findingsOf('good');
    const closing = running.server.requests.find(({ method }) => method === 'DELETE');
    expect(closing?.headers).toMatchObject({
      'mcp-session-id': 'session-1',
      authorization: 'Bearer good',
    });
  });
});

describe('the token of nestjs-mcp-auth doctor', () => {
  it.each<[string, (token: string) => Promise<[string[], TerminalOptions]>]>([
    [
      'a file',
      async (token) => {
        const file = path.join(directory, 'token');
        await writeFile(file, `${token}\n`);
        return [['--token-file', file], {}];
      },
    ],
    ['standard input', async (input) => [['--token-file', '-'], { input }]],
    ['MCP_TOKEN', async (token) => [[], { env: { MCP_TOKEN: token } }]],
  ])('comes from %s, and is not printed', async (_, given) => {
    const token = await mint();
    running.server.token = token;
    const { stdout, status } = await doctor(...(await given(token)));
    expect(stdout).toContain('The server accepts the token');
    expect(status).toBe(0);
    expect(stdout).not.toContain(token.slice(0, 12));
    expect(stdout).not.toContain('alice');
  });

  it('is sent only to the URL that the user named', async () => {
    const elsewhere = await BreakableMcpServer.start(running.issuer.url);
    const { metadataUrl } = elsewhere;
    running.server.challenge = () => `Bearer resource_metadata="${metadataUrl}"`;
    elsewhere.metadata = { authorization_servers: [running.issuer.url, elsewhere.url] };
    await findingsOf('good');
    elsewhere.stop();
    expect(elsewhere.requests.length).toBeGreaterThan(0);
    const others = elsewhere.requests.filter(({ headers }) => headers.authorization !== undefined);
    expect(others).toEqual([]);
    const withToken = running.server.requests.filter(
      ({ headers }) => headers.authorization === 'Bearer good',
    );
    expect(withToken.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /mcp']);
  });

  it('is not printed if the server sends it back', async () => {
    const token = await mint();
    const echo = await startEcho();
    const { port } = echo.address() as AddressInfo;
    for (const args of [[], ['--json']]) {
      const { stdout } = await runInTerminal(
        commands,
        ['doctor', `http://127.0.0.1:${port}/mcp`, ...args],
        { env: { MCP_TOKEN: token } },
      );
      expect(stdout).toContain('bad: [token]');
      expect(stdout).not.toContain(token.slice(0, 12));
      expect(stdout).not.toContain(token.slice(-12));
    }
    echo.close();
  });

  it('is not sent over http:, except on loopback', async () => {
    // 0.0.0.0 leads to this machine, but is not a loopback address.
    const url = running.server.url.replace('localhost', '0.0.0.0');
    const { findings } = await examineMcpServer(url, { token: 'good' });
    const found = findings.map(({ check, status }) => `${check}: ${status}`);
    expect(found).toContain('https: problem');
    expect(found).toContain('token_accepted: skipped');
    expect(sentTokens()).not.toContain('Bearer good');
  });

  it('is not sent if it is bound to a key', async () => {
    const token = await mint({ claims: { cnf: { jkt: 'thumbprint' } } });
    expect((await findingsOf(token)).token_accepted?.status).toBe('skipped');
    expect(sentTokens()).not.toContain(`Bearer ${token}`);
  });

  it.each([
    [['--token-file', 'eyJ.secret.token'], {}, 'the file of --token-file cannot be read (ENOENT)'],
    [
      ['--token-file', '-'],
      { input: 'Bearer eyJ.secret.token' },
      'Standard input must hold one token',
    ],
    [['--token-file', '-'], { input: '' }, 'Standard input must hold one token'],
    [['--token-file', '-'], { input: 'x'.repeat(50_000) }, 'Standard input must hold one token'],
    [[], { env: { MCP_TOKEN: 'secret secret' } }, 'MCP_TOKEN must hold one token'],
    [['--token', 'secret'], {}, 'has no option --token'],
    [['--token=secret'], {}, 'has no option --token'],
    [['secret'], {}, 'needs one <mcp-server-url>'],
  ])('is refused without being printed: %j %#', async (args, options, message) => {
    const { status, stdout, stderr } = await doctor(args, options);
    expect(status).toBe(2);
    expect(stderr).toContain(`nestjs-mcp-auth doctor: ${message}`);
    expect(stdout + stderr).not.toContain('secret');
    expect(running.server.requests).toEqual([]);
  });

  it('is not read from a terminal', async () => {
    const terminal = { stdin: { isTTY: true }, env: {} } as never;
    await expect(readToken('-', terminal)).rejects.toThrow('needs a pipe');
  });
});
