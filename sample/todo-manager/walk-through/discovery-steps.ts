import type { McpSession } from './mcp-session.js';
import { expect, type Narrator } from './narrator.js';

/** From a bare 401 to a registered client: all of it found out by the MCP SDK, by itself. */
export async function tellDiscovery(narrator: Narrator, session: McpSession, endpoint: URL) {
  const { wire } = session;

  await narrator.step(`An MCP client connects to ${endpoint.href}, without a token`, async () => {
    await session.arrive();
    const { headers } = wire.find('be challenged', ({ status }) => status === 401);
    const challenge = headers.get('www-authenticate') ?? '';
    expect(challenge.startsWith('Bearer resource_metadata="'), `the challenge is "${challenge}"`);
    return ['401 Unauthorized', `WWW-Authenticate: ${challenge}`];
  });

  await narrator.step('It reads the protected resource metadata named there', () => {
    const { body } = wire.find(
      'read the protected resource metadata',
      ({ url, status }) => url.includes('/.well-known/oauth-protected-resource') && status === 200,
    );
    expect(endpoint.href.startsWith(String(body.resource)), `it is about ${String(body.resource)}`);
    return [
      `resource: ${String(body.resource)}`,
      `authorization_servers: ${list(body.authorization_servers)}`,
      `scopes_supported: ${list(body.scopes_supported)}`,
    ];
  });

  await narrator.step("It reads the authorization server's metadata", () => {
    const { url, body } = wire.find(
      "read the authorization server's metadata",
      ({ url, status }) =>
        /\/\.well-known\/(oauth-authorization-server|openid-configuration)/.test(url) &&
        status === 200,
    );
    expect(list(body.code_challenge_methods_supported).includes('S256'), 'PKCE is not supported');
    return [
      url,
      `authorization_endpoint: ${String(body.authorization_endpoint)}`,
      `token_endpoint: ${String(body.token_endpoint)}`,
    ];
  });

  await narrator.step('It registers itself (dynamic client registration)', () => {
    const { url, body } = wire.find('register', ({ status }) => status === 201);
    expect(body.client_id, 'it was given no client_id');
    return [`POST ${url}`, `client_id: ${String(body.client_id)}`];
  });
}

function list(value: unknown): string {
  return [value ?? []].flat().join(' ');
}
