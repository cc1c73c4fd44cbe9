import { Injectable, type OnModuleInit } from '@nestjs/common';
import { getOrMake } from '../../cache/get-or-make.js';
import { AuthorizationServerMetadataService } from '../../authorization-server/metadata/authorization-server-metadata.service.js';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from '../../authorization-server/authorization-server-registry.js';
import { JwkSetService } from '../../authorization-server/jwk-set/jwk-set.service.js';
import type { IntrospectionOptions } from '../../options/introspection.options.js';
import type { TokenVerificationContext } from '../../token/token-verifier.js';
import { IntrospectionClient } from './introspection-client.js';
import { PLAIN_JSON, type ResponseFormat } from './response-format.js';
import { SignedResponses } from './signed-responses.js';

/** The introspection clients: one for each authorization server with the option `introspection`. */
@Injectable()
export class IntrospectionClients implements OnModuleInit {
  private readonly clients = new WeakMap<ConfiguredAuthorizationServer, IntrospectionClient>();

  constructor(
    private readonly servers: AuthorizationServerRegistry,
    private readonly metadata: AuthorizationServerMetadataService,
    private readonly jwkSets: JwkSetService,
  ) {}

  /** @throws McpAuthConfigurationError if the key or the certificate of a client cannot be used */
  async onModuleInit(): Promise<void> {
    const clients = this.servers.all.flatMap((server) => this.get(server) ?? []);
    await Promise.all(clients.map((client) => client.assertKeySigns()));
  }

  /** Returns the clients of a resource's authorization servers, in their order. */
  of(resource: Pick<TokenVerificationContext, 'issuers' | 'servers'>): IntrospectionClient[] {
    const servers = resource.issuers.map((issuer) => this.servers.serverFor(issuer, resource));
    // A server whose tokens may have several issuers must not be asked several times.
    return [...new Set(servers)].flatMap((server) => this.get(server) ?? []);
  }

  /** Returns the client of an authorization server, or `undefined` without the option `introspection`. */
  get(server: ConfiguredAuthorizationServer): IntrospectionClient | undefined {
    const { introspection } = server.options;
    if (introspection === undefined) {
      return undefined;
    }
    return getOrMake(this.clients, server, () => {
      const format = this.formatOf(introspection, server);
      return new IntrospectionClient(introspection, server, this.metadata, format);
    });
  }

  private formatOf(
    { signedResponse, clientId }: IntrospectionOptions,
    server: ConfiguredAuthorizationServer,
  ): ResponseFormat {
    return signedResponse === true
      ? new SignedResponses(clientId, server, this.servers, this.jwkSets)
      : PLAIN_JSON;
  }
}
