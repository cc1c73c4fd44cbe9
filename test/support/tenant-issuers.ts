import { json, type Issuer, type MintOptions } from './issuer.js';

/** One authorization server that is an issuer for each tenant, all with the same keys. */
export class TenantIssuers {
  constructor(private readonly server: Issuer) {}

  /** Publishes the metadata of these tenants' issuers. */
  publish(tenants: readonly string[]): void {
    const { server } = this;
    for (const tenant of tenants) {
      const issuer = this.of(tenant);
      server.answer(`/${tenant}/.well-known/openid-configuration`, (_, response) =>
        json(response, { issuer, jwks_uri: `${server.url}/jwks` }),
      );
    }
  }

  /** The template of the issuers, with `{tenant}` in place of the name. */
  get template(): string {
    return this.of('{tenant}');
  }

  of(tenant: string): string {
    return `${this.server.url}/${tenant}`;
  }

  mint(tenant: string, { claims, ...options }: MintOptions = {}): Promise<string> {
    return this.server.mint({ ...options, claims: { iss: this.of(tenant), ...claims } });
  }
}
