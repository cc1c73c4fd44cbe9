import { Issuer, json, type MintOptions } from './issuer.js';

/** One authorization server that is an issuer for each tenant, all with the same keys. */
export class TenantIssuers {
  private constructor(readonly server: Issuer) {}

  static async start(tenants: readonly string[]): Promise<TenantIssuers> {
    const server = await Issuer.start();
    for (const tenant of tenants) {
      const issuer = `${server.url}/${tenant}`;
      server.answer(`/${tenant}/.well-known/openid-configuration`, (_, response) =>
        json(response, { issuer, jwks_uri: `${server.url}/jwks` }),
      );
    }
    return new TenantIssuers(server);
  }

  /** The issuers, with `{tenant}` for each. */
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
