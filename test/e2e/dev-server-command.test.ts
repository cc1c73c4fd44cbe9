import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { decodeJwt } from 'jose';
import type { ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { commands } from '../../lib/cli/commands.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { logIn } from '../support/mcp-flow/log-in.js';
import { ADAPTERS, startWhoamiApp } from '../support/mcp-flow/whoami-app.js';
import { runInTerminal, startInTerminal, type RunningCommand } from '../support/terminal.js';

const NOTES = 'http://localhost:3000/mcp';
const SCOPES = 'read:notes,write:notes';
const READY = 'Ctrl+C stops the server.';

const running: RunningCommand[] = [];

/** Starts the command on a free port, and waits until it has printed everything. */
async function start(...args: string[]) {
  const command = startInTerminal(commands, ['dev-server', '--port', '0', ...args]);
  running.push(command);
  return { ...command, text: await command.printed(READY) };
}

async function stop() {
  await Promise.all(
    running.splice(0).map((command) => {
      command.send('SIGTERM');
      return command.output;
    }),
  );
}

/** Returns the printed options. They are code, which the application would contain. */
function optionsIn(text: string): ProtectedResourceOptions {
  const [code = ''] = /^ {2}protectedResources: .*?^ {2}\S*,$/ms.exec(text) ?? [];
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the command prints it to be pasted
  const options = new Function(`return {${code}}`)() as {
    protectedResources: ProtectedResourceOptions;
  };
  return options.protectedResources;
}

/** Reads the words of each printed command. Nothing in them has an escaped quote. */
function callsIn(text: string) {
  return [...text.matchAll(/^# (\w+).*\n((?:curl .*\n)+)/gm)].flatMap(([, username = '', lines]) =>
    [...(lines ?? '').matchAll(/^curl -i '(.*?)' (.*)$/gm)].map(([, url = '', rest = '']) => ({
      username,
      url,
      headers: [...rest.matchAll(/-H '(.*?): (.*?)'/g)].map(
        ([, name = '', value = '']): [string, string] => [name, value],
      ),
      body: / -d '(.*)'$/.exec(rest)?.[1] ?? '',
    })),
  );
}

const tokenOf = ({ headers }: ReturnType<typeof callsIn>[number]) =>
  (new Headers(headers).get('authorization') ?? '').replace('Bearer ', '');

describe.each(Object.keys(ADAPTERS) as (keyof typeof ADAPTERS)[])(
  'nestjs-mcp-auth dev-server, beside an application on %s',
  (adapter) => {
    let app: INestApplication;
    let resource: string;
    let text: string;

    beforeAll(async () => {
      const port = await freePort();
      resource = `http://localhost:${port}/mcp/v2`;
      ({ text } = await start('--resource', resource, '--scopes', SCOPES));
      const options = optionsIn(text);
      app = await startWhoamiApp(adapter, { port, resource, issuer: '' }, options);
    });

    afterAll(async () => {
      await app.close();
      await stop();
    });

    it('prints a call for each user, which the application accepts', async () => {
      const calls = callsIn(text);
      expect(calls.map(({ username, url }) => [username, url])).toEqual([
        ['alice', resource],
        ['bob', resource],
      ]);
      for (const { url, headers, body } of calls) {
        const response = await fetch(url, { method: 'POST', headers, body });
        expect(response.status).toBe(200);
        expect(await response.text()).toContain('"name":"whoami"');
      }
    });

    it.each([
      ['alice', ['read:notes', 'write:notes']],
      ['bob', ['read:notes']],
    ])('lets an MCP client log in as %s', async (username, scopes) => {
      const user = { username, password: username };
      const { client } = await logIn('@modelcontextprotocol/client v2', resource, user);
      const { content } = await client.callTool('whoami');
      const [{ text: seen }] = content as [{ text: string }];
      expect(JSON.parse(seen)).toMatchObject({ handler: { subject: username, scopes } });
      await client.close();
    });
  },
);

describe('nestjs-mcp-auth dev-server', () => {
  afterEach(stop);

  it.each(['SIGINT', 'SIGTERM'] as const)('stops at %s', async (signal) => {
    const { text, send, output } = await start('--resource', NOTES);
    const [issuer = ''] = /http:\S+/.exec(text) ?? [];
    expect((await fetch(`${issuer}/jwks`)).status).toBe(200);
    send(signal);
    expect(await output).toEqual({ status: 0, stdout: text, stderr: '' });
    await expect(fetch(`${issuer}/jwks`)).rejects.toThrow();
  });

  it('has the users of the option --user', async () => {
    const users = ['ann', 'ben:secret', 'cat=read:notes', 'dan:secret=read:notes,write:notes'];
    const { text } = await start(
      ...['--resource', NOTES, '--scopes', SCOPES],
      ...[...users, 'eve='].flatMap((user) => ['--user', user]),
    );
    expect(text.match(/^# .*$/gm)).toEqual([
      '# ann (password ann): read:notes write:notes',
      '# ben (password secret): read:notes write:notes',
      '# cat (password cat): read:notes',
      '# dan (password secret): read:notes write:notes',
      '# eve (password eve): no scopes',
    ]);
    expect(callsIn(text).map((call) => decodeJwt(tokenOf(call)).scope)).toEqual([
      'read:notes write:notes',
      'read:notes write:notes',
      'read:notes',
      'read:notes write:notes',
      undefined,
    ]);
  });

  it('serves several resources', async () => {
    const { text } = await start(
      ...['--resource', NOTES, '--scopes', SCOPES],
      ...['--resource', 'https://tasks.example.com/mcp', '--scopes', 'read:tasks share:tasks'],
    );
    const [issuer] = /http:\S+/.exec(text) ?? [];
    expect(optionsIn(text)).toEqual([
      {
        metadata: {
          resource: NOTES,
          authorizationServers: [issuer],
          scopesSupported: ['read:notes', 'write:notes'],
        },
      },
      {
        metadata: {
          resource: 'https://tasks.example.com/mcp',
          authorizationServers: [issuer],
          scopesSupported: ['read:tasks', 'share:tasks'],
        },
      },
    ]);
    expect(
      callsIn(text).map((call) => {
        const { sub, aud, scope } = decodeJwt(tokenOf(call));
        return [sub, aud, scope];
      }),
    ).toEqual([
      ['alice', NOTES, 'read:notes write:notes'],
      ['alice', 'https://tasks.example.com/mcp', 'read:tasks share:tasks'],
      ['bob', NOTES, 'read:notes'],
      ['bob', 'https://tasks.example.com/mcp', 'read:tasks'],
    ]);
  });

  it('gives several resources the same scopes', async () => {
    const { text } = await start(
      ...['--resource', NOTES, '--resource', 'http://localhost:3001/mcp', '--scopes', 'read'],
    );
    expect(optionsIn(text)).toMatchObject([
      { metadata: { scopesSupported: ['read'] } },
      { metadata: { scopesSupported: ['read'] } },
    ]);
  });

  it('prints the options that hosts other than loopback need', async () => {
    const { text } = await start(
      ...['--resource', "http://notes-api:3000/it's", '--issuer', 'http://auth:9000'],
    );
    expect(optionsIn(text)).toEqual({
      metadata: {
        resource: "http://notes-api:3000/it's",
        authorizationServers: [{ issuer: 'http://auth:9000', allowInsecureRequests: true }],
        scopesSupported: [],
      },
      developmentHosts: ['notes-api'],
    });
    expect(text).toContain(String.raw`curl -i 'http://notes-api:3000/it'\''s' -H`);
  });

  it.each([
    ['0.0.0.0', true],
    ['::', true],
    ['127.0.0.1', false],
    ['::1', false],
    ['localhost', false],
  ])('on the host %s, warns that others can reach it: %s', async (host, warns) => {
    const { send, output } = await start('--resource', NOTES, '--host', host);
    send('SIGINT');
    expect((await output).stderr).toBe(
      warns
        ? `Warning: the server listens on ${host}. Everyone who can reach this address can sign in.\n\n`
        : '',
    );
  });

  it.each([
    ['no resource', [], 'needs --resource'],
    ['a resource that is no URL', ['--resource', 'notes'], 'The resource "notes" must be'],
    [
      'too few lists of scopes',
      [
        ...['--resource', 'http://a.localhost', '--resource', 'http://b.localhost'],
        ...['--resource', 'http://c.localhost', '--scopes', 'a', '--scopes', 'b'],
      ],
      'has 2 times --scopes for 3 times --resource',
    ],
    [
      'a scope that is not valid',
      ['--resource', NOTES, '--scopes', 'a"b'],
      String.raw`The scope "a\"b" must be a single scope`,
    ],
    [
      'a user without a name',
      ['--resource', NOTES, '--user', ':secret'],
      '--user must be like alice, alice:password or alice:password=read:notes, not ":secret"',
    ],
    ['an empty password', ['--resource', NOTES, '--user', 'ann:'], 'a name and a password'],
    [
      'a scope that no resource has',
      ['--resource', NOTES, '--scopes', SCOPES, '--user', 'ann=read:note'],
      'The user "ann" has the scope "read:note", which no resource has.',
    ],
    ['a user twice', ['--resource', NOTES, '--user', 'ann', '--user', 'ann:x'], 'there twice'],
    ['a port that is no number', ['--resource', NOTES, '--port', 'http'], 'not "http"'],
    ['a port that is too high', ['--resource', NOTES, '--port', '65536'], 'not "65536"'],
    [
      'an issuer with a path',
      ['--resource', NOTES, '--issuer', 'http://localhost:9000/auth'],
      'The issuer "http://localhost:9000/auth" must be',
    ],
    ['an unknown option', ['--resource', NOTES, '--scope', 'read'], "Unknown option '--scope'"],
    ['an argument without a name', ['http://localhost:3000/mcp'], 'Unexpected argument'],
  ])('fails with the usage for %s', async (_case, args, message) => {
    const { status, stdout, stderr } = await runInTerminal(commands, ['dev-server', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('\nUsage: npx nestjs-mcp-auth dev-server');
  });

  it('fails with one line if the port is in use', async () => {
    const { text } = await start('--resource', NOTES);
    const [, port = ''] = /localhost:(\d+)/.exec(text) ?? [];
    const args = ['dev-server', '--resource', NOTES, '--port', port];
    expect(await runInTerminal(commands, args)).toEqual({
      status: 2,
      stdout: '',
      stderr: `nestjs-mcp-auth dev-server: Port ${port} of localhost is in use. Choose another port with --port.\n`,
    });
  });

  it('fails with one line in production', async () => {
    const { NODE_ENV } = process.env;
    process.env.NODE_ENV = 'production';
    try {
      expect(await runInTerminal(commands, ['dev-server', '--resource', NOTES])).toEqual({
        status: 2,
        stdout: '',
        stderr:
          'nestjs-mcp-auth dev-server: NODE_ENV is "production", but this server is for development only. It does not protect anything.\n',
      });
    } finally {
      process.env.NODE_ENV = NODE_ENV;
    }
  });
});
