import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { All, Controller, Get } from '@nestjs/common';
import { McpEndpoint, type ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { adapters, startApp, stopApps } from '../support/app.js';
import { Issuer } from '../support/issuer.js';

@Controller()
class McpController {
  @All('mcp') @McpEndpoint() mcp() {
    return {};
  }

  @Get('plain') plain() {
    return {};
  }
}

const PUBLIC = 'https://api.example.com/mcp';
const LOCAL = 'http://localhost:3000/mcp';
const COMPOSE = 'http://notes-api:3000/mcp';

interface Row {
  resource: string;
  allowedOrigins?: ProtectedResourceOptions['allowedOrigins'];
  developmentHosts?: string[];
  origin?: string;
  host?: string;
  path?: string;
  status: number;
}

/** MCP transports, "Security Warning": an `Origin` that is not allowed is answered 403. */
const rows: Record<string, Row> = {
  'no Origin, as programs call': { resource: PUBLIC, status: 200 },
  'the origin of the resource itself': {
    resource: PUBLIC,
    origin: 'https://api.example.com',
    status: 200,
  },
  'another origin': { resource: PUBLIC, origin: 'https://evil.example.com', status: 403 },
  'the same host with another scheme': {
    resource: PUBLIC,
    origin: 'http://api.example.com',
    status: 403,
  },
  'the same host with another port': {
    resource: PUBLIC,
    origin: 'https://api.example.com:8443',
    status: 403,
  },
  'an origin that begins like the own origin': {
    resource: PUBLIC,
    origin: 'https://api.example.com.evil.example',
    status: 403,
  },
  'the opaque origin of a sandbox': { resource: PUBLIC, origin: 'null', status: 403 },
  'an empty origin': { resource: PUBLIC, origin: '', status: 403 },
  'a page on the user’s machine, which calls a server on the internet': {
    resource: PUBLIC,
    origin: 'http://localhost:6274',
    status: 403,
  },
  'an origin in allowedOrigins': {
    resource: PUBLIC,
    allowedOrigins: ['https://app.example.com'],
    origin: 'https://app.example.com',
    status: 200,
  },
  ...Object.fromEntries(
    [
      'chrome-extension://abcdefghijklmnop',
      'moz-extension://0c9a1d5e-0000-4000-8000-000000000000',
      'vscode-webview://1abc',
      'tauri://localhost',
      'capacitor://localhost',
      'app://obsidian.md',
    ].flatMap((origin) => [
      [
        `the shell ${origin}, in allowedOrigins`,
        { resource: PUBLIC, allowedOrigins: [origin], origin, status: 200 },
      ],
      [
        `the shell ${origin}, not in allowedOrigins`,
        { resource: PUBLIC, allowedOrigins: [`${origin}x`], origin, status: 403 },
      ],
    ]),
  ),
  'an origin that begins like an origin in allowedOrigins': {
    resource: PUBLIC,
    allowedOrigins: ['https://app.example.com'],
    origin: 'https://app.example.com.evil.example',
    status: 403,
  },
  'the origin null, with allowedOrigins: "*"': {
    resource: PUBLIC,
    allowedOrigins: '*',
    origin: 'null',
    status: 200,
  },
  'another Host, at a server on the internet': {
    resource: PUBLIC,
    host: 'internal.example.net',
    status: 200,
  },
  'a handler that is no MCP endpoint': {
    resource: PUBLIC,
    path: '/plain',
    origin: 'https://evil.example.com',
    status: 200,
  },
  'a page on this machine, which calls a server on this machine': {
    resource: LOCAL,
    origin: 'http://localhost:6274',
    status: 200,
  },
  'a page at the address of this machine, which calls a server on this machine': {
    resource: LOCAL,
    origin: 'http://127.0.0.1:6274',
    status: 200,
  },
  'a page of the web, which calls a server on this machine': {
    resource: LOCAL,
    origin: 'https://evil.example.com',
    status: 403,
  },
  'an origin with a path after it': {
    resource: LOCAL,
    origin: 'http://localhost:6274/x',
    status: 403,
  },
  'Host localhost': { resource: LOCAL, host: 'localhost:1', status: 200 },
  'Host 127.0.0.1': { resource: LOCAL, host: '127.0.0.1', status: 200 },
  'Host [::1]': { resource: LOCAL, host: '[::1]:3000', status: 200 },
  'a foreign host name that leads to this machine': {
    resource: LOCAL,
    host: 'evil.example.com',
    status: 403,
  },
  'a foreign host name that leads to this machine, with allowedOrigins: "*"': {
    resource: LOCAL,
    allowedOrigins: '*',
    host: 'evil.example.com:3000',
    origin: 'http://evil.example.com:3000',
    status: 403,
  },
  ...Object.fromEntries(
    (
      [
        ['the host of a resource in development', { host: 'notes-api:3000' }, 200],
        ['another host in developmentHosts', { host: 'host.docker.internal:3000' }, 200],
        ['loopback, of a resource in development', { host: 'localhost:3000' }, 200],
        [
          'a foreign host name that leads to a host for development',
          { host: 'evil.example.com' },
          403,
        ],
        ['a name that ends like a host for development', { host: 'evil-notes-api' }, 403],
        ['a page on a host for development', { origin: 'http://notes-api:5173' }, 200],
        ['a page of the web, in development', { origin: 'https://evil.example.com' }, 403],
        [
          'a page on a subdomain of a host for development',
          { origin: 'http://evil.notes-api' },
          403,
        ],
      ] as const
    ).map(([name, sent, status]) => [
      name,
      {
        resource: COMPOSE,
        developmentHosts: ['notes-api', 'host.docker.internal'],
        host: 'notes-api:3000',
        ...sent,
        status,
      },
    ]),
  ),
  'a page on a host for development, which calls a server on this machine': {
    resource: LOCAL,
    developmentHosts: ['host.docker.internal'],
    host: 'host.docker.internal:3000',
    origin: 'http://host.docker.internal:6274',
    status: 200,
  },
  'a name that begins like an address': {
    resource: LOCAL,
    host: '127.0.0.1.nip.example',
    status: 403,
  },
  'a Host that hides a name behind an address': {
    resource: LOCAL,
    host: 'localhost@evil.example.com',
    status: 403,
  },
};

describe.each(adapters)('an MCP endpoint, on %s', (adapter) => {
  let issuer: Issuer;

  beforeAll(async () => {
    issuer = await Issuer.start();
  });
  afterAll(async () => {
    await stopApps();
    await issuer.down();
  });

  const send = async (
    { resource, allowedOrigins, developmentHosts, origin, host, path = '/mcp' }: Row,
    anonymous = false,
  ) => {
    const metadata = { resource, authorizationServers: [issuer.url] };
    const options = { protectedResources: { metadata, allowedOrigins, developmentHosts } };
    const { url } = await startApp({ adapter, options, controllers: [McpController] });
    const authorization = anonymous
      ? []
      : ['Authorization', `Bearer ${await issuer.mint({ audience: resource })}`];
    const headers = [
      ['Host', host ?? 'localhost'],
      authorization,
      origin === undefined ? [] : ['Origin', origin],
    ];
    return new Promise<{ status?: number; body: string }>((resolve, reject) => {
      request(url + path, { headers: headers.flat() }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, body }));
      })
        .on('error', reject)
        .end();
    });
  };

  it.each(Object.entries(rows))('%s', async (_, row) => {
    const { status, body } = await send(row);
    expect(status).toBe(row.status);
    expect(body).not.toContain('evil');
  });

  it('rejects a foreign origin before it verifies the token', async () => {
    const row = { resource: PUBLIC, origin: 'https://evil.example.com', status: 403 };
    const { status, body } = await send(row, true);
    expect([status, JSON.parse(body)]).toEqual([
      403,
      {
        error: 'access_denied',
        error_description: 'Pages of this origin may not call this endpoint (allowedOrigins).',
      },
    ]);
  });
});
