import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { log } from '../log/log.js';
import { allowCrossOriginRegistration } from './cross-origin-registration.js';
import type { DevServer, DevServerOptions } from './dev-server.options.js';
import { hostInUrl } from './host-in-url.js';
import { interactionHandler } from './interaction-handler.js';
import { listen, type ListeningServer } from './listen.js';
import { loadOidcProvider, quietly } from './oidc-provider.js';
import { providerConfiguration } from './provider-configuration.js';
import { resolveOptions } from './resolved-options.js';
import { tokenIssuer } from './token-issuer.js';

/**
 * Starts an authorization server for development and tests. It speaks the real protocol, but users, clients
 * and keys are in memory, and everyone knows the default passwords. It does **not** protect anything, and does
 * not start if `NODE_ENV` is `production`. It needs the package `oidc-provider`.
 *
 * @example
 * ```ts
 * import { startDevServer } from 'nestjs-mcp-auth/dev-server';
 *
 * const server = await startDevServer({
 *   resources: [{ resource: 'http://localhost:3000/mcp', scopes: ['read:notes', 'write:notes'] }],
 * });
 * const token = await server.issueToken('alice');
 * ```
 *
 * @throws McpAuthConfigurationError if an option is wrong, if `oidc-provider` is not installed, or if `NODE_ENV`
 * is `production`
 * @throws Error if it cannot listen, for example with the code `EADDRINUSE`
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  assertDevelopment();
  const resolved = resolveOptions(options);
  const oidc = await loadOidcProvider();
  // The port is part of the issuer, so the server must listen before the provider is made.
  const listening = await listen(resolved.port, resolved.host);
  try {
    const issuer = resolved.issuer ?? originOf(resolved.host, listening.port);
    const configuration = providerConfiguration(oidc, resolved);
    const provider = quietly(() => new oidc.Provider(issuer, configuration));
    answerRequests(listening, provider, interactionHandler(oidc, provider, resolved));
    return {
      issuer,
      users: resolved.users,
      issueToken: tokenIssuer(provider, resolved),
      close: listening.close,
    };
  } catch (error) {
    await listening.close();
    throw error;
  }
}

function assertDevelopment(): void {
  if (process.env.NODE_ENV === 'production') {
    throw new McpAuthConfigurationError(
      'NODE_ENV is "production", but this server is for development only. It does not protect anything.',
    );
  }
}

function answerRequests(
  { server }: ListeningServer,
  provider: Provider,
  answerInteraction: ReturnType<typeof interactionHandler>,
): void {
  const { host, protocol } = new URL(provider.issuer);
  provider.proxy = true;
  provider.on('server_error', (_context, error) => {
    log.error(`The development server failed: ${error.message}`);
  });
  const answerProtocol = provider.callback();
  server.on('request', (request, response) => {
    if (allowCrossOriginRegistration(request, response)) {
      return;
    }
    // All URLs in answers begin with the issuer, however the request came here.
    const forwarded = { 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1) };
    Object.assign(request.headers, { host }, forwarded);
    void (isInteraction(request) ? answerInteraction : answerProtocol)(request, response);
  });
}

function isInteraction({ url }: IncomingMessage): boolean {
  return url?.startsWith('/interaction/') === true;
}

/** Returns the origin of the server. For an address that means all network interfaces, the host is `localhost`. */
function originOf(host: string, port: number): string {
  const name = /^[0:.]+$/.test(host) ? 'localhost' : host;
  return new URL(`http://${hostInUrl(name)}:${port}`).origin;
}
