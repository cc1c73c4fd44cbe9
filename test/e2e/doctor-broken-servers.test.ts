import { describe, expect, it } from '@jest/globals';
import { examineMcpServer } from '../../lib/doctor/examine-mcp-server.js';
import { answering, useBreakableServer } from '../support/breakable-mcp-server.js';
import { json, type Answer } from '../support/issuer.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

const running = useBreakableServer();

interface Broken {
  /** What is broken, as the end of "finds that …". */
  what: string;
  breakIt: () => void;
  check: string;
  status: 'problem' | 'warning';
  /** Part of the description. */
  seen?: string;
  /** A part of the remedy. */
  remedy?: string;
}

const metadata = (members: Record<string, unknown>) => () => {
  running.server.metadata = members;
};
const answer = (path: string, how: Answer) => () => {
  running.server.answer(path, how);
};
const challenge = (value: (url: string, error?: string) => string | undefined) => () => {
  running.server.challenge = (error) => value(running.server.metadataUrl, error);
};
const date = (seconds: number) => () => {
  running.server.headers = { date: new Date(Date.now() + seconds * 1000).toUTCString() };
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
    seen: 'does not allow the preflight (status 404)',
  },
  {
    what: 'the preflight does not allow Authorization',
    breakIt: () => {
      running.server.headers = { 'access-control-allow-headers': '*' };
    },
    check: 'cors_preflight',
    status: 'warning',
    seen: 'these headers: authorization.',
  },
  {
    what: 'WWW-Authenticate is not exposed',
    breakIt: () => {
      running.server.headers = { 'access-control-expose-headers': 'Mcp-Session-Id' };
    },
    check: 'cors_challenge',
    status: 'warning',
  },
  {
    what: 'pages cannot read the metadata',
    breakIt: answer(`${WELL_KNOWN}/mcp`, (_request, response) => {
      response.removeHeader('access-control-allow-origin');
      json(response, { resource: running.server.url, authorization_servers: [running.issuer.url] });
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
      running.server.challenge = () => `Bearer resource_metadata="${running.server.url}/metadata"`;
      running.server.answer(`${WELL_KNOWN}/mcp`, answering(404));
      running.server.answer('/mcp/metadata', (_request, response) => {
        json(response, {
          resource: running.server.url,
          authorization_servers: [running.issuer.url],
        });
      });
    },
    check: 'metadata_well_known',
    status: 'warning',
  },
  {
    what: 'there are two documents',
    breakIt: answer(WELL_KNOWN, (_request, response) => {
      json(response, { resource: new URL('/', running.server.url).href });
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
      running.server.metadata = { resource: running.server.url.replace('http:', 'https:') };
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
      running.server.metadata = { resource: running.server.url.replace('/mcp', '/api') };
    },
    check: 'resource',
    status: 'problem',
    seen: 'The path differs',
  },
  {
    what: 'the resource has a slash at the end',
    breakIt: () => {
      running.server.metadata = { resource: `${running.server.url}/` };
    },
    check: 'resource',
    status: 'warning',
  },
  {
    what: 'the resource is the origin',
    breakIt: () => {
      running.server.metadata = { resource: new URL('/', running.server.url).href };
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
    remedy: 'Start the authorization server',
  },
  {
    what: 'the authorization server has another issuer',
    breakIt: () => {
      running.server.metadata = { authorization_servers: [`${running.issuer.url}/`] };
    },
    check: 'server_metadata',
    status: 'problem',
    seen: 'is of another issuer',
  },
  {
    what: 'the authorization server has no PKCE',
    breakIt: () => {
      running.issuer.metadata = { code_challenge_methods_supported: [] };
    },
    check: 'pkce',
    status: 'problem',
  },
  {
    what: 'the authorization server does not list the scopes',
    breakIt: () => {
      running.issuer.metadata = { scopes_supported: ['other'] };
    },
    check: 'required_scopes',
    status: 'warning',
    seen: 'notes',
  },
  {
    what: 'the authorization server is for other resources',
    breakIt: () => {
      running.issuer.metadata = { protected_resources: ['https://other.example.com'] };
    },
    check: 'protected_resource',
    status: 'warning',
  },
  {
    what: 'clients can get no identifier',
    breakIt: () => {
      running.issuer.metadata = {
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

describe('the doctor', () => {
  it.each(BROKEN)(
    'finds that $what',
    async ({ breakIt, check, status, seen = '', remedy = '' }) => {
      breakIt();
      const report = await examineMcpServer(running.server.url);
      const found = report.findings.filter((finding) => finding.check === check);
      expect(found.map((finding) => finding.status)).toContain(status);
      const finding = found.find((one) => one.status === status);
      expect(finding?.description).toContain(seen);
      expect(finding?.remedy?.length).toBeGreaterThan(15);
      expect(finding?.remedy).toContain(remedy);
    },
  );
});
