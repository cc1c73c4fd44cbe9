import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { commands } from '../../lib/cli/commands.js';
import type { Report } from '../../lib/doctor/report.js';
import { json, Issuer } from '../support/issuer.js';
import { EXPIRED_SELF_SIGNED, SELF_SIGNED } from '../support/self-signed.js';
import { runInTerminal } from '../support/terminal.js';

const METADATA = '/.well-known/openid-configuration';

let issuer: Issuer;
beforeEach(async () => {
  issuer = await Issuer.start();
});
afterEach(() => issuer.down());

async function check(...args: string[]) {
  return runInTerminal(commands, ['check', ...args]);
}

async function reportOf(url = issuer.url) {
  const { status, stdout } = await check(url, '--json');
  return { status, report: JSON.parse(stdout) as Report };
}

/** Returns the status of a check. */
async function statusOf(name: string) {
  const { report } = await reportOf();
  return report.findings.find(({ check: one }) => one === name)?.status;
}

describe('nestjs-mcp-auth check', () => {
  it('finds no problem at a good authorization server', async () => {
    const { status, stdout } = await check(issuer.url);
    expect(stdout).toBe(`${issuer.url}
  ok       server_metadata                The metadata names this issuer.
  ok       https                          All URLs use https:, or http: on loopback.
  ok       code_response_type             The "code" response type is supported.
  ok       authorization_code_grant       The authorization code grant is supported.
  ok       pkce                           PKCE (RFC 7636) is supported.
  ok       s256_code_challenge_method     The code challenge method "S256" is supported.
  ok       jwk_set                        A JWK Set is published.
  ok       client_id_metadata_document    Client ID Metadata Documents are supported.
  ok       dynamic_registration           Dynamic Client Registration (RFC 7591) is supported.
  ok       iss_in_authorization_response  Authorization responses name their issuer (RFC 9207).
  ok       signature_keys                 ${issuer.url}/jwks has 1 key for signatures.

0 problems, 0 warnings, 11 ok.
`);
    expect(status).toBe(0);
  });

  it('prints JSON', async () => {
    const { report } = await reportOf();
    expect(report).toMatchObject({ url: issuer.url, isHealthy: true });
    expect(report.findings[0]).toEqual({
      server: issuer.url,
      check: 'server_metadata',
      status: 'ok',
      description: 'The metadata names this issuer.',
    });
  });

  it.each([
    ['code_challenge_methods_supported', ['plain'], 's256_code_challenge_method', 'problem'],
    ['code_challenge_methods_supported', undefined, 'pkce', 'problem'],
    ['response_types_supported', ['token'], 'code_response_type', 'problem'],
    ['grant_types_supported', ['password'], 'authorization_code_grant', 'problem'],
    ['jwks_uri', undefined, 'jwk_set', 'warning'],
    ['jwks_uri', undefined, 'signature_keys', 'skipped'],
    ['client_id_metadata_document_supported', false, 'client_id_metadata_document', 'warning'],
    [
      'authorization_response_iss_parameter_supported',
      1,
      'iss_in_authorization_response',
      'warning',
    ],
    ['token_endpoint', 'http://auth.example.com/token', 'https', 'problem'],
    ['token_endpoint', { toString: null }, 'https', 'problem'],
    ['jwks_uri', 'not a URL', 'server_metadata', 'problem'],
    ['issuer', 'https://other.example.com', 'server_metadata', 'problem'],
  ])('says of metadata with %s %j: %s %s', async (member, value, name, status) => {
    issuer.metadata = { [member]: value };
    expect(await statusOf(name)).toBe(status);
  });

  it.each([
    ['without keys', { keys: [] }],
    ['that is another object', {}],
    ['with a private key only', { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'c' }] }],
  ])('has the problem signature_keys with a JWK Set %s', async (_, set) => {
    issuer.answer('/jwks', (_request, response) => {
      json(response, set);
    });
    expect(await statusOf('signature_keys')).toBe('problem');
  });

  it('warns of a private key beside a good key', async () => {
    issuer.extraKeys = [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'c', kid: 'leaked' }];
    expect(await statusOf('signature_keys')).toBe('warning');
  });

  it('says what to do about each problem and each warning', async () => {
    issuer.metadata = { code_challenge_methods_supported: [], registration_endpoint: undefined };
    issuer.metadata.client_id_metadata_document_supported = false;
    const { report, status } = await reportOf();
    const found = report.findings.filter((one) => ['problem', 'warning'].includes(one.status));
    expect(found.map(({ check: name }) => name)).toEqual([
      'pkce',
      's256_code_challenge_method',
      'client_id_metadata_document',
      'dynamic_registration',
    ]);
    expect(found.every(({ remedy = '' }) => remedy.length > 10)).toBe(true);
    expect(status).toBe(1);
  });

  it.each([
    ['404', 404, ''],
    ['503', 503, ''],
    ['a redirect', 302, ''],
    ['something other than JSON', 200, '<html>'],
    ['megabytes', 200, 'x'.repeat(2 * 1024 * 1024)],
  ])('has the problem server_metadata if the answer is %s', async (_, status, body) => {
    for (const path of [METADATA, '/.well-known/oauth-authorization-server']) {
      issuer.answer(path, (_request, response) => {
        response.writeHead(status, { location: `${issuer.url}/other` }).end(body);
      });
    }
    expect(await statusOf('server_metadata')).toBe('problem');
    expect(issuer.count('/other')).toBe(0);
  });

  it('escapes text from the metadata', async () => {
    issuer.metadata = { issuer: 'https://\u001b]0;owned\u0007\u202eevil' };
    const { stdout } = await check(issuer.url);
    expect(stdout).toContain('\\u001b]0;owned\\u0007\\u202eevil');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('nestjs-mcp-auth check cannot run', () => {
  it.each([
    [[], 'needs one <issuer>'],
    [['https://one.example.com', 'https://two.example.com'], 'needs one <issuer>'],
    [['auth.example.com'], '<issuer> must be an absolute URL'],
    [['https://user:secret@auth.example.com'], '<issuer> must not contain a user name'],
    [['https://auth.example.com', '--token', 'x'], "Unknown option '--token'"],
  ])('with the arguments %j', async (args, message) => {
    const { status, stdout, stderr } = await check(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`nestjs-mcp-auth check: ${message}`);
    expect(stderr).toContain('Usage: npx nestjs-mcp-auth check');
    expect(stderr).not.toContain('secret');
  });

  it('if nothing listens at the URL', async () => {
    const { url } = issuer;
    await issuer.down();
    expect(await check(url)).toEqual({
      status: 2,
      stdout: '',
      stderr: `nestjs-mcp-auth check: ${url} could not be reached (ECONNREFUSED).\n`,
    });
  });

  it('if the connection is not TLS', async () => {
    const url = issuer.url.replace('http:', 'https:');
    const { status, stderr } = await check(url);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^nestjs-mcp-auth check: https:\/\/localhost:\d+ could not be reached: it does not speak TLS\. Does the URL begin with http:\? \(EPROTO\)\.\n$/,
    );
  });

  it('if the server never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { checkIssuer } = await import('../../lib/doctor/check-issuer.js');
    await expect(checkIssuer(url, 50)).rejects.toThrow(`${url} gave no answer in time.`);
    silent.closeAllConnections();
    silent.close();
  });

  it.each([
    [
      'of an unknown authority',
      SELF_SIGNED,
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'set NODE_EXTRA_CA_CERTS to the file',
    ],
    ['expired', EXPIRED_SELF_SIGNED, 'CERT', ''],
  ])('if the certificate is %s', async (_, certificate, code, remedy) => {
    const server = createTlsServer(certificate).listen(0, 'localhost');
    await once(server, 'listening');
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const { status, stderr } = await check(url);
    server.closeAllConnections();
    server.close();
    expect(status).toBe(2);
    expect(stderr).toContain(`check: ${url} has a certificate that is not trusted (`);
    expect(stderr).toContain(code);
    expect(stderr).toContain(remedy);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
