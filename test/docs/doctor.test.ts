import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { serverChecks } from '../../lib/authorization-server/metadata/server-checks.js';
import { commands } from '../../lib/cli/commands.js';
import type { Report } from '../../lib/doctor/report.js';
import { answering, useBreakableServer } from '../support/breakable-mcp-server.js';
import { runInTerminal } from '../support/terminal.js';

const PAGE = readFileSync('docs/doctor.md', 'utf8');
const [ofServer, ofToken, ofIssuer] = [...PAGE.matchAll(/^```text\n(.*?)^```/gms)].map(
  ([, text]) => text,
);

const running = useBreakableServer();

/** Runs a command. Returns its output, with the hosts of the page in place of the hosts of the test. */
async function output(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { issuer, server } = running;
  const { stdout } = await runInTerminal(commands, args, { env });
  return stdout
    .replaceAll(
      new RegExp(`(localhost|127\\.0\\.0\\.1):${new URL(server.url).port}`, 'g'),
      '$1:3000',
    )
    .replaceAll(issuer.url, 'http://localhost:9000');
}

describe('the outputs of docs/doctor.md', () => {
  it('are the outputs for a server whose metadata names another host', async () => {
    const { issuer, server } = running;
    issuer.metadata = { scopes_supported: ['openid'], registration_endpoint: undefined };
    server.metadata = {
      resource: server.url.replace('localhost', '127.0.0.1'),
      scopes_supported: ['read:notes'],
    };
    server.answer('OPTIONS /mcp', answering(404));
    expect(await output(['doctor', server.url])).toBe(ofServer);
  });

  it('are the outputs for a token for another resource', async () => {
    const { issuer, server } = running;
    const description = 'The access token is not meant for this resource.';
    server.challenge = (error) =>
      `Bearer ${error ? `error="${error}", error_description="${description}", ` : ''}scope="read:notes"`;
    const audience = server.url.replace('/mcp', '');
    const token = await issuer.mint({ audience, claims: { scope: 'openid' } });
    const printed = await output(['doctor', server.url], { MCP_TOKEN: token });
    const lines = printed.split('\n');
    const [first, last] = ['token_accepted', 'token_binding'].map((check) =>
      lines.findIndex((line) => line.includes(check)),
    );
    expect(`${lines.slice(first, (last ?? 0) + 1).join('\n')}\n`).toBe(ofToken);
  });

  it('are the outputs for an issuer without PKCE', async () => {
    running.issuer.metadata = { code_challenge_methods_supported: undefined };
    expect(await output(['check', running.issuer.url])).toBe(ofIssuer);
  });
});

describe('the checks of docs/doctor.md', () => {
  it('are all that there are', async () => {
    const { issuer, server } = running;
    const token = await issuer.mint({ audience: server.url });
    const ofAll = await output(['doctor', server.url, '--register', '--json'], {
      MCP_TOKEN: token,
    });
    const { findings } = JSON.parse(ofAll) as Report;
    // The page does not repeat the checks of validateServerConfig.
    const names = findings.map(({ check }) => check).filter((check) => !(check in serverChecks));
    expect(names.filter((name) => !PAGE.includes(`\`${name}\``))).toEqual([]);
  });
});
