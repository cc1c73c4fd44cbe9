import { allowCrossOriginRegistration } from './cross-origin-registration.js';
import { interactionHandler } from './interaction-handler.js';
import { listen } from './listen.js';
import { Provider, quietly } from './oidc-provider.js';
import type { AuthorizationServerOptions } from './options.js';
import { providerConfiguration } from './provider-configuration.js';

export interface AuthorizationServer {
  issuer: string;
  close(): Promise<void>;
}

/**
 * Starts an authorization server for development. It speaks the real protocol, but users, clients and
 * keys are in memory. It is **not** safe: never use real secrets or data.
 */
export async function startAuthorizationServer(
  options: AuthorizationServerOptions,
): Promise<AuthorizationServer> {
  // The port is part of the issuer, so the server must listen before the provider is made.
  const { server, origin: issuer, close } = await listen(options.port, options.host);

  const provider = await quietly(() => new Provider(issuer, providerConfiguration(options)));
  const answerProtocol = provider.callback();
  const answerInteraction = interactionHandler(provider, options);
  server.on('request', (request, response) => {
    if (allowCrossOriginRegistration(request, response)) return;
    const isInteraction = request.url?.startsWith('/interaction/');
    void (isInteraction ? answerInteraction : answerProtocol)(request, response);
  });

  return { issuer, close };
}
