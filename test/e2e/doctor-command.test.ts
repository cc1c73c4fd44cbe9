import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { commands } from '../../lib/cli/commands.js';
import { examineMcpServer } from '../../lib/doctor/examine-mcp-server.js';
import type { Report } from '../../lib/doctor/report.js';
import { BreakableMcpServer } from '../support/breakable-mcp-server.js';
import { Issuer, json, type Answer } from '../support/issuer.js';
import { runInTerminal } from '../support/terminal.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

let issuer: Issuer;
let server: BreakableMcpServer;
beforeAll(async () => {
  issuer = await Issuer.start();
});
afterAll(() => issuer.down());
beforeEach(async () => {
  issuer.metadata = {};
  server = await BreakableMcpServer.start(issuer.url);
});
afterEach(() => {
  server.stop();
});

async function doctor(...args: string[]) {
  return runInTerminal(commands, ['doctor', ...args]);
}

async function examine(...args: string[]): Promise<Report> {
  const { stdout, stderr } = await doctor(server.url, '--json', ...args);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Report;
}

function statuses({ findings }: Report) {
  return Object.fromEntries(findings.map(({ check, status }) => [check, status]));
}

function answering(status: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}

interface Broken {
  /** What is broken, as the end of "finds that …". */
  what: string;
  breakIt: () => void;
  check: string;
  status: 'problem' | 'warning';
  /** Part of the description. */
  seen?: string;
}

const metadata = (members: Record<string, unknown>) => () => {
  server.metadata = members;
};
const answer = (path: string, how: Answer) => () => {
  server.answer(path, how);
};
const challenge = (value: (url: string, error?: string) => string | undefined) => () => {
  server.challenge = (error) => value(server.metadataUrl, error);
};
const date = (seconds: number) => () => {
  server.headers = { date: new Date(Date.now() + seconds * 1000).toUTCString() };
};

const BROKEN: Broken[] = [
  {
    what: 'a redirect answers',
    breakIt: answer('/mcp', answering(307, { location: 'https://other.example.com/mcp' })),
    check: 'bare_request',
    status: 'problem',
    seen: 'a redirect (307) to https://other.example.com/mcp',
  },
  {
    what: 'no token is needed',
    breakIt: answer('/mcp', answering(200)),
    check: 'bare_request',
    status: 'problem',
    seen: 'A request without a token is accepted (200)',
  },
  ...[400, 403, 404, 405, 502].map((status): Broken => ({
    what: `a request without a token is answered with ${status}`,
    breakIt: answer('/mcp', answering(status)),
    check: 'bare_request',
    status: 'problem',
    seen: `answered with ${status}, not 401`,
  })),
  {
    what: 'there is no challenge',
    breakIt: challenge(() => undefined),
    check: 'challenge',
    status: 'problem',
    seen: 'no WWW-Authenticate',
  },
  {
    what: 'there is only another challenge',
    breakIt: challenge(() => 'Basic realm="proxy", Negotiate abc=='),
    check: 'challenge',
    status: 'problem',
    seen: 'It has: Basic, Negotiate',
  },
  {
    what: 'the challenge does not match the grammar',
    breakIt: challenge((url) => `Bearer resource_metadata=${url}`),
    check: 'challenge',
    status: 'problem',
    seen: 'WWW-Authenticate cannot be read',
  },
  {
    what: 'the challenge names a parameter twice',
    breakIt: challenge((url) => `Bearer scope="a", scope="b", resource_metadata="${url}"`),
    check: 'challenge',
    status: 'problem',
    seen: '"scope" is there twice',
  },
  {
    what: 'the scopes of the challenge have commas between them',
    breakIt: challenge((url) => `Bearer scope="a, \\"b\\"", resource_metadata="${url}"`),
    check: 'challenge',
    status: 'problem',
    seen: 'a scope that is not a list of scopes',
  },
  {
    what: 'the challenge has an error without a token',
    breakIt: challenge((url) => `Bearer error="invalid_token", resource_metadata="${url}"`),
    check: 'challenge_error',
    status: 'warning',
    seen: 'the error "invalid_token"',
  },
  {
    what: 'a proxy drops Authorization',
    breakIt: challenge((url) => `Bearer resource_metadata="${url}"`),
    check: 'bogus_token',
    status: 'problem',
    seen: 'The header Authorization does not arrive',
  },
  {
    what: 'any token is accepted',
    breakIt: answer('/mcp', ({ headers }, response) => {
      const status = headers.authorization === undefined ? 401 : 200;
      response.writeHead(status, { 'www-authenticate': 'Bearer' }).end();
    }),
    check: 'bogus_token',
    status: 'problem',
    seen: 'A token that nobody issued is accepted (200)',
  },
  {
    what: 'tokens cannot be verified',
    breakIt: answer('/mcp', ({ headers }, response) => {
      response.writeHead(headers.authorization === undefined ? 401 : 503).end();
    }),
    check: 'bogus_token',
    status: 'problem',
    seen: 'cannot verify tokens now',
  },
  {
    what: 'a bad token is another error',
    breakIt: challenge(
      (url, error) => `Bearer ${error ? 'error="bad", ' : ''}resource_metadata="${url}"`,
    ),
    check: 'bogus_token',
    status: 'warning',
    seen: 'the error "bad"',
  },
  {
    what: 'a bad token is answered with 400',
    breakIt: answer('/mcp', ({ headers }, response) => {
      response.writeHead(headers.authorization === undefined ? 401 : 400).end();
    }),
    check: 'bogus_token',
    status: 'warning',
    seen: 'answered with 400, not 401',
  },
  {
    what: 'the connection breaks if there is a token',
    breakIt: answer('/mcp', ({ headers, socket }, response) => {
      if (headers.authorization === undefined) {
        response.writeHead(401).end();
      } else {
        socket.destroy();
      }
    }),
    check: 'bogus_token',
    status: 'problem',
    seen: 'could not be reached (ECONNRESET)',
  },
  {
    what: 'the clock is some seconds wrong',
    breakIt: date(-30),
    check: 'clock',
    status: 'warning',
    seen: 'behind the clock of this machine',
  },
  {
    what: 'the clock is minutes wrong',
    breakIt: date(300),
    check: 'clock',
    status: 'problem',
    seen: 'ahead of the clock of this machine',
  },
  {
    what: 'a preflight needs a token',
    breakIt: answer('OPTIONS /mcp', answering(401)),
    check: 'cors_preflight',
    status: 'warning',
    seen: 'answered with 401',
  },
  {
    what: 'there is no CORS',
    breakIt: answer('OPTIONS /mcp', answering(404)),
    check: 'cors_preflight',
    status: 'warning',
    seen: 'answered with 404, without permission',
  },
  {
    what: 'the preflight does not allow Authorization',
    breakIt: () => {
      server.headers = { 'access-control-allow-headers': '*' };
    },
    check: 'cors_preflight',
    status: 'warning',
    seen: 'these headers: authorization.',
  },
  {
    what: 'WWW-Authenticate is not exposed',
    breakIt: () => {
      server.headers = { 'access-control-expose-headers': 'Mcp-Session-Id' };
    },
    check: 'cors_challenge',
    status: 'warning',
  },
  {
    what: 'pages cannot read the metadata',
    breakIt: answer(`${WELL_KNOWN}/mcp`, (_request, response) => {
      response.removeHeader('access-control-allow-origin');
      json(response, { resource: server.url, authorization_servers: [issuer.url] });
    }),
    check: 'cors_metadata',
    status: 'warning',
  },
  {
    what: 'the challenge does not name the metadata',
    breakIt: challenge(() => 'Bearer scope="notes"'),
    check: 'metadata_in_challenge',
    status: 'warning',
  },
  {
    what: 'the challenge names a relative URL',
    breakIt: challenge(() => 'Bearer resource_metadata="/.well-known/oauth-protected-resource"'),
    check: 'metadata_in_challenge',
    status: 'problem',
    seen: 'must be an absolute URL',
  },
  {
    what: 'the challenge names an http: URL of the internal network',
    breakIt: challenge(() => 'Bearer resource_metadata="http://notes.invalid/metadata"'),
    check: 'https',
    status: 'problem',
    seen: 'These URLs are not secure: http://notes.invalid/metadata.',
  },
  {
    what: 'the metadata that the challenge names is not there',
    breakIt: challenge((url) => `Bearer resource_metadata="${url}/elsewhere"`),
    check: 'metadata_in_challenge',
    status: 'problem',
    seen: 'elsewhere answered 404.',
  },
  {
    what: 'the metadata is nowhere',
    breakIt: answer(`${WELL_KNOWN}/mcp`, answering(404)),
    check: 'metadata_well_known',
    status: 'problem',
    seen: '/mcp answered 404.',
  },
  {
    what: 'the metadata is only where the challenge says',
    breakIt: () => {
      server.challenge = () => `Bearer resource_metadata="${server.url}/metadata"`;
      server.answer(`${WELL_KNOWN}/mcp`, answering(404));
      server.answer('/mcp/metadata', (_request, response) => {
        json(response, { resource: server.url, authorization_servers: [issuer.url] });
      });
    },
    check: 'metadata_well_known',
    status: 'warning',
  },
  {
    what: 'there are two documents',
    breakIt: answer(WELL_KNOWN, (_request, response) => {
      json(response, { resource: new URL('/', server.url).href });
    }),
    check: 'metadata_root',
    status: 'warning',
    seen: '"resource" differs',
  },
  ...(
    [
      ['a redirect', answering(302, { location: '/elsewhere' }), '302, a redirect to /elsewhere'],
      ['a page', answering(200, {}, '<!doctype html>'), 'not a JSON object'],
      ['a list', answering(200, {}, '[]'), 'not a JSON object'],
      ['compressed', answering(200, { 'content-encoding': 'gzip' }, 'x'), 'compressed'],
      ['megabytes', answering(200, {}, 'x'.repeat(3 * 1024 * 1024)), 'more than 1 MiB'],
    ] as const
  ).map(([what, how, seen]): Broken => {
    const breakIt = answer(`${WELL_KNOWN}/mcp`, how);
    return {
      what: `the metadata is ${what}`,
      breakIt,
      check: 'metadata_in_challenge',
      status: 'problem',
      seen,
    };
  }),
  {
    what: 'a proxy ends TLS, and the metadata does not know it',
    breakIt: () => {
      server.metadata = { resource: server.url.replace('http:', 'https:') };
    },
    check: 'resource',
    status: 'problem',
    seen: 'The scheme differs: a proxy ends TLS',
  },
  {
    what: 'the metadata has another host and port',
    breakIt: metadata({ resource: 'http://notes:3000/mcp' }),
    check: 'resource',
    status: 'problem',
    seen: 'The host differs: a proxy has another name, or localhost stands for 127.0.0.1. The port differs',
  },
  {
    what: 'a proxy adds a prefix',
    breakIt: () => {
      server.metadata = { resource: server.url.replace('/mcp', '/api') };
    },
    check: 'resource',
    status: 'problem',
    seen: 'The path differs',
  },
  {
    what: 'the resource has a slash at the end',
    breakIt: () => {
      server.metadata = { resource: `${server.url}/` };
    },
    check: 'resource',
    status: 'warning',
  },
  {
    what: 'the resource is the origin',
    breakIt: () => {
      server.metadata = { resource: new URL('/', server.url).href };
    },
    check: 'resource',
    status: 'warning',
    seen: 'Strict clients refuse it',
  },
  {
    what: 'there is no resource',
    breakIt: metadata({ resource: 7 }),
    check: 'resource',
    status: 'problem',
  },
  {
    what: 'the resource is no URL',
    breakIt: metadata({ resource: 'notes' }),
    check: 'resource',
    status: 'problem',
    seen: '"resource" is not a URL: "notes"',
  },
  {
    what: 'there is no authorization server',
    breakIt: metadata({ authorization_servers: [] }),
    check: 'authorization_servers',
    status: 'problem',
  },
  {
    what: 'an issuer is no URL',
    breakIt: metadata({ authorization_servers: ['auth.example.com'] }),
    check: 'authorization_servers',
    status: 'problem',
    seen: 'must be an absolute URL',
  },
  {
    what: 'the authorization server does not answer',
    breakIt: metadata({ authorization_servers: ['http://localhost:1'] }),
    check: 'server_metadata',
    status: 'problem',
    seen: 'could not be reached (ECONNREFUSED)',
  },
  {
    what: 'the authorization server has another issuer',
    breakIt: () => {
      server.metadata = { authorization_servers: [`${issuer.url}/`] };
    },
    check: 'server_metadata',
    status: 'problem',
    seen: 'is of another issuer',
  },
  {
    what: 'the authorization server has no PKCE',
    breakIt: () => {
      issuer.metadata = { code_challenge_methods_supported: [] };
    },
    check: 'pkce',
    status: 'problem',
  },
  {
    what: 'the authorization server does not list the scopes',
    breakIt: () => {
      issuer.metadata = { scopes_supported: ['other'] };
    },
    check: 'required_scopes',
    status: 'warning',
    seen: 'notes',
  },
  {
    what: 'the authorization server is for other resources',
    breakIt: () => {
      issuer.metadata = { protected_resources: ['https://other.example.com'] };
    },
    check: 'protected_resource',
    status: 'warning',
  },
  {
    what: 'clients can get no identifier',
    breakIt: () => {
      issuer.metadata = {
        client_id_metadata_document_supported: false,
        registration_endpoint: undefined,
      };
    },
    check: 'dynamic_registration',
    status: 'warning',
  },
  {
    what: 'tokens in the header are not accepted',
    breakIt: metadata({ bearer_methods_supported: ['body'] }),
    check: 'bearer_methods',
    status: 'problem',
  },
  {
    what: 'a scope has a space',
    breakIt: metadata({ scopes_supported: ['read notes'] }),
    check: 'scopes',
    status: 'problem',
    seen: '"read notes" must be a single scope',
  },
  {
    what: 'the resource asks for offline_access',
    breakIt: metadata({ scopes_supported: ['notes', 'offline_access'] }),
    check: 'offline_access',
    status: 'warning',
  },
  {
    what: 'DPoP is announced, but not in the challenge',
    breakIt: metadata({ dpop_signing_alg_values_supported: ['ES256'] }),
    check: 'dpop',
    status: 'warning',
  },
  {
    what: 'DPoP is in the challenge, but not announced',
    breakIt: challenge((url) => `Bearer resource_metadata="${url}", DPoP algs="ES256"`),
    check: 'dpop',
    status: 'warning',
  },
  {
    what: 'DPoP is required, but the authorization server does not have it',
    breakIt: metadata({
      dpop_bound_access_tokens_required: true,
      dpop_signing_alg_values_supported: ['ES256'],
    }),
    check: 'required_dpop',
    status: 'problem',
  },
  {
    what: 'certificates are needed, but the authorization server does not bind tokens to them',
    breakIt: metadata({ tls_client_certificate_bound_access_tokens: true }),
    check: 'mtls',
    status: 'problem',
  },
];

describe('nestjs-mcp-auth doctor', () => {
  it('prints a checklist of a good server', async () => {
    const { status, stdout } = await doctor(server.url);
    const [mcpServer = '', authorizationServer = ''] = stdout.split('\n\n');
    expect(mcpServer).toMatch(`${server.url}\n  ok       https `);
    expect(mcpServer).toContain('\n  skipped  dpop ');
    expect(authorizationServer).toMatch(
      `Authorization server ${issuer.url}\n  ok       server_metadata `,
    );
    expect(stdout).toMatch(/\n\n0 problems, 0 warnings, 27 ok\.\n$/);
    expect(status).toBe(0);
  });

  it.each(BROKEN)('finds that $what', async ({ breakIt, check, status, seen = '' }) => {
    breakIt();
    const report = await examine();
    const found = report.findings.filter((finding) => finding.check === check);
    expect(found.map((finding) => finding.status)).toContain(status);
    const finding = found.find((one) => one.status === status);
    expect(finding?.description).toContain(seen);
    expect(finding?.remedy?.length).toBeGreaterThan(15);
  });

  it('tells problems by the exit status, and warnings not', async () => {
    server.metadata = { scopes_supported: ['offline_access'] };
    expect((await doctor(server.url)).status).toBe(0);
    server.metadata = { authorization_servers: [] };
    expect((await doctor(server.url)).status).toBe(1);
  });

  it('finds metadata at the root', async () => {
    server.challenge = () => 'Bearer';
    server.answer(`${WELL_KNOWN}/mcp`, answering(404));
    server.answer(WELL_KNOWN, (_request, response) => {
      json(response, { resource: server.url, authorization_servers: [issuer.url] });
    });
    expect(statuses(await examine())).toMatchObject({
      metadata_well_known: 'problem',
      metadata_root: 'ok',
      resource: 'ok',
      pkce: 'ok',
    });
  });

  it('does not judge the CORS of origins that the server does not name', async () => {
    server.answer('POST /mcp', ({ headers }, response) => {
      response.writeHead(headers.origin === undefined ? 401 : 403).end();
    });
    expect(statuses(await examine())).toMatchObject({
      cors_preflight: 'ok',
      cors_challenge: 'skipped',
    });
  });

  it('says nothing of a challenge if there is none', async () => {
    server.answer('/mcp', answering(404));
    expect(statuses(await examine())).toMatchObject({
      bare_request: 'problem',
      challenge: 'skipped',
      bogus_token: 'skipped',
      cors_preflight: 'warning',
      metadata_in_challenge: 'skipped',
      metadata_well_known: 'ok',
      resource: 'ok',
    });
  });

  it('asks at most five authorization servers', async () => {
    const issuers = Array.from({ length: 50 }, (_, index) => `${issuer.url}/${index}`);
    server.metadata = { authorization_servers: issuers };
    const { findings } = await examine();
    expect(findings.filter(({ check }) => check === 'server_metadata')).toHaveLength(5);
    expect(findings.find(({ check }) => check === 'authorization_servers')?.description).toContain(
      'Only the first 5 are asked.',
    );
  });

  it('only reads, unless it is told to register', async () => {
    await examine();
    const asked = server.requests.map(({ method, url }) => `${method} ${url}`);
    expect(new Set(asked)).toEqual(
      new Set(['POST /mcp', 'OPTIONS /mcp', `GET ${WELL_KNOWN}/mcp`, `GET ${WELL_KNOWN}`]),
    );
    expect(issuer.count('/register')).toBe(0);
  });

  it('follows no redirect', async () => {
    server.answer('/mcp', answering(307, { location: '/elsewhere' }));
    server.answer(`${WELL_KNOWN}/mcp`, answering(307, { location: '/elsewhere' }));
    await examine();
    expect(server.requests.map(({ url }) => url)).not.toContain('/elsewhere');
  });

  it('escapes and cuts what servers send', async () => {
    const hostile = `\u001b]0;owned\u0007\u009b2J\u202e${'x'.repeat(5000)}`;
    server.metadata = {
      resource: hostile,
      scopes_supported: [hostile],
      authorization_servers: [`https://${hostile}`],
    };
    for (const output of [await doctor(server.url), await doctor(server.url, '--json')]) {
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

  it('if nothing listens there', async () => {
    server.stop();
    expect(await doctor(server.url)).toEqual({
      status: 2,
      stdout: '',
      stderr: `nestjs-mcp-auth doctor: ${server.url} could not be reached (ECONNREFUSED).\n`,
    });
  });

  it('if the server never answers', async () => {
    server.answer('/mcp', () => undefined);
    await expect(examineMcpServer(server.url, { timeout: 50 })).rejects.toThrow(
      `${server.url} gave no answer in time.`,
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

describe('what never ends', () => {
  it('is a problem if it is the metadata', async () => {
    server.answer(`${WELL_KNOWN}/mcp`, (_request, response) => {
      response.writeHead(200).write('{');
    });
    const report = await examineMcpServer(server.url, { timeout: 300 });
    expect(statuses(report)).toMatchObject({
      metadata_in_challenge: 'problem',
      bare_request: 'ok',
    });
  });

  it('is no problem if it is a stream of events', async () => {
    server.answer('POST /mcp', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
    });
    expect(statuses(await examine()).bare_request).toBe('problem');
  });
});

describe('nestjs-mcp-auth doctor --register', () => {
  const CLIENT = { client_id: 'client-7', registration_access_token: 'registration-secret' };

  function registering(status: number, client: object): void {
    issuer.answer('/register', (_request, response) => {
      json(response, client, status);
    });
  }

  async function registration() {
    const { stdout } = await doctor(server.url, '--register', '--json');
    const { findings } = JSON.parse(stdout) as Report;
    expect(stdout).not.toContain('registration-secret');
    return findings.find(({ check }) => check === 'registration');
  }

  afterEach(() => {
    for (const path of ['/register', '/register/client-7']) {
      issuer.answer(path, undefined);
    }
  });

  it('registers a client, and deletes it with the token of the registration', async () => {
    const deletions: (string | undefined)[] = [];
    registering(201, { ...CLIENT, registration_client_uri: `${issuer.url}/register/client-7` });
    issuer.answer('/register/client-7', ({ method, headers }, response) => {
      deletions.push(`${method} ${headers.authorization}`);
      response.writeHead(204).end();
    });
    expect(await registration()).toMatchObject({ status: 'ok', server: issuer.url });
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
    registering(201, { ...CLIENT, registration_client_uri: `${server.url}/clients/7` });
    expect((await registration())?.status).toBe('warning');
    expect(server.requests.map(({ url }) => url)).not.toContain('/mcp/clients/7');
  });

  it.each([
    [400, { error: 'invalid_redirect_uri' }, 'problem', '(400, error "invalid_redirect_uri")'],
    [401, {}, 'warning', '(401)'],
    [201, {}, 'problem', 'no client_id'],
    [500, {}, 'problem', '(500)'],
  ])('tells if the answer is %i %j', async (status, body, expected, seen) => {
    registering(status, body);
    const finding = await registration();
    expect(finding?.status).toBe(expected);
    expect(finding?.description).toContain(seen);
  });

  it('skips a server without registration', async () => {
    issuer.metadata = { registration_endpoint: undefined };
    expect((await registration())?.status).toBe('skipped');
  });
});
