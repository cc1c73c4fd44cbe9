import type { McpSession } from './mcp-session.js';
import { expect, type Narrator } from '../../walk-through/narrator.js';

/** Shows how the MCP SDK, after a 401, finds the authorization server and registers the client there. */
export async function tellDiscovery(narrator: Narrator, session: McpSession, endpoint: URL) {
  const { wire } = session;

  await narrator.step(`An MCP client connects to ${endpoint.href}, without a token`, async () => {
    await session.arrive();
    const { headers } = wire.find('be challenged', ({ status }) => status === 401);
    const challenge = headers.get('www-authenticate') ?? '';
    expect(challenge.includes('resource_metadata="'), `the challenge is "${challenge}"`);
    return ['401 Unauthorized', `WWW-Authenticate: ${challenge}`];
  });

  await narrator.step('The client reads the protected resource metadata at that URL', () => {
    const { body } = wire.find(
      'read the protected resource metadata',
      ({ url, status }) => url.includes('/.well-known/oauth-protected-resource') && status === 200,
    );
    expect(
      endpoint.href.startsWith(text(body.resource)),
      `the metadata is about ${text(body.resource)}`,
    );
    return [
      `resource: ${text(body.resource)}`,
      `authorization_servers: ${text(body.authorization_servers)}`,
      `scopes_supported: ${text(body.scopes_supported)}`,
    ];
  });

  await narrator.step("The client reads the authorization server's metadata", () => {
    const { url, body } = wire.find(
      "read the authorization server's metadata",
      ({ url, status }) =>
        /\/\.well-known\/(oauth-authorization-server|openid-configuration)/.test(url) &&
        status === 200,
    );
    expect(text(body.code_challenge_methods_supported).includes('S256'), 'PKCE is not supported');
    return [
      url,
      `authorization_endpoint: ${text(body.authorization_endpoint)}`,
      `token_endpoint: ${text(body.token_endpoint)}`,
    ];
  });

  await narrator.step('The client registers itself (dynamic client registration)', () => {
    const { url, body } = wire.find('register', ({ status }) => status === 201);
    expect(body.client_id, 'the client got no client_id');
    return [`POST ${url}`, `client_id: ${text(body.client_id)}`];
  });
}

/** Returns a value of a metadata document in a form for people. */
function text(value: unknown): string {
  return Array.isArray(value)
    ? value.join(', ')
    : JSON.stringify(value ?? null).replaceAll('"', '');
}
