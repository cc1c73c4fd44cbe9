import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuthorizationServerMetadataService } from '../authorization-server/authorization-server-metadata.service.js';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from '../authorization-server/authorization-server-registry.js';
import { IntrospectionClient } from './introspection-client.js';

/** The clients of the authorization servers that introspect. */
@Injectable()
export class IntrospectionClients implements OnModuleInit {
  private readonly clients = new WeakMap<ConfiguredAuthorizationServer, IntrospectionClient>();

  constructor(
    private readonly servers: AuthorizationServerRegistry,
    private readonly metadata: AuthorizationServerMetadataService,
  ) {}

  /** @throws McpAuthConfigurationError if the key of a client is none to sign with */
  async onModuleInit(): Promise<void> {
    const clients = this.of(this.servers.issuers);
    await Promise.all(clients.map((client) => client.assertKeySigns()));
  }

  /** Those of these issuers, in their order. */
  of(issuers: readonly string[]): IntrospectionClient[] {
    return issuers.flatMap((issuer) => this.get(issuer) ?? []);
  }

  /** That of an issuer; nothing where its server does not introspect. */
  get(issuer: string): IntrospectionClient | undefined {
    const server = this.servers.get(issuer);
    const { introspection } = server.options;
    if (introspection === undefined) {
      return undefined;
    }
    const client =
      this.clients.get(server) ??
      new IntrospectionClient(issuer, introspection, server, this.metadata);
    this.clients.set(server, client);
    return client;
  }
}
