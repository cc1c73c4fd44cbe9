import type { ConfiguredAuthorizationServer } from '../authorization-server/authorization-server-registry.js';
import type { AuthorizationServerMetadata } from '../metadata/authorization-server-metadata.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { cheapestScopes } from '../scope/cheapest-scopes.js';
import { requestedNames } from '../scope/scope-prefix.js';
import type { PolicyDescription } from '../start-up/policy-description.js';

/** A security scheme of OpenAPI 3 (section "Security Scheme Object"). */
export type SecurityScheme =
  | {
      type: 'oauth2';
      description: string;
      flows: {
        authorizationCode: {
          authorizationUrl: string;
          tokenUrl: string;
          scopes: Record<string, string>;
        };
      };
    }
  | { type: 'openIdConnect'; description: string; openIdConnectUrl: string };

/**
 * A security requirement of OpenAPI: the scopes, by the name of the scheme. An empty requirement means that no security
 * is needed.
 */
export type SecurityRequirement = Record<string, string[]>;

/** Collects the authorization servers of handlers as security schemes. */
export class SecuritySchemes {
  readonly found: Record<string, SecurityScheme> = {};

  /** @param metadataOf - returns the metadata of a server if it is cached */
  constructor(
    private readonly metadataOf: (
      server: ConfiguredAuthorizationServer,
    ) => AuthorizationServerMetadata | undefined,
  ) {}

  /** Returns what a handler requires: a token of any authorization server of its resource. */
  requirementsOf(
    resource: ProtectedResource,
    { scopes, access }: PolicyDescription,
  ): SecurityRequirement[] {
    const needed = requestedNames(cheapestScopes(scopes, new Set()), resource.scopePrefix);
    const servers = [...(resource.servers?.values() ?? [])];
    const required = servers.map((server) => ({ [this.add(server, needed)]: [...needed] }));
    return access === 'optional' ? [...required, {}] : required;
  }

  private add(server: ConfiguredAuthorizationServer, scopes: readonly string[]): string {
    const name = nameOf(server.issuer);
    const scheme = (this.found[name] ??= this.schemeOf(server));
    if (scheme.type === 'oauth2') {
      const { authorizationCode } = scheme.flows;
      for (const scope of scopes) {
        authorizationCode.scopes[scope] = '';
      }
    }
    return name;
  }

  private schemeOf(server: ConfiguredAuthorizationServer): SecurityScheme {
    const { issuer } = server;
    const description = `Access tokens of ${issuer}.`;
    const { authorizationEndpoint, tokenEndpoint } = this.metadataOf(server) ?? {};
    if (authorizationEndpoint === undefined || tokenEndpoint === undefined) {
      const openIdConnectUrl = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
      return { type: 'openIdConnect', description, openIdConnectUrl };
    }
    const urls = { authorizationUrl: authorizationEndpoint, tokenUrl: tokenEndpoint };
    return { type: 'oauth2', description, flows: { authorizationCode: { ...urls, scopes: {} } } };
  }
}

/**
 * Returns the name of an issuer's scheme. It contains only letters, digits, full stops, hyphens and underscores, as the
 * name of a component must.
 */
function nameOf(issuer: string): string {
  return issuer.replace(/^https?:\/\//, '').replace(/[^\w.-]+/g, '-');
}
