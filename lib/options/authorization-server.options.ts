import type {
  AuthorizationServerMetadata,
  TransformMetadata,
} from '../metadata/authorization-server-metadata.js';
import { ClaimsSettings, type ClaimsOptions } from './claims.options.js';
import { IntrospectionSettings, type IntrospectionOptions } from './introspection.options.js';
import { Optional } from './validation/optional.js';
import { Checked, type Problem } from './validation/checked.js';
import { Nested } from './validation/nested.js';
import { aFunction, boolean, documentUrl, issuerIdentifier, oneOf } from './validation/problems.js';

/** Which standard's well-known URL an authorization server publishes its metadata at. */
export type AuthorizationServerType = 'oauth' | 'oidc';

/** To where the documents of an authorization server may lead. */
export interface AuthorizationServerConnection {
  /**
   * Accepts a metadata document or a JWK Set at an address that is nearer than the issuer: on a
   * private network while the issuer is at a public address, on this machine or at a link-local
   * address while the issuer is elsewhere. Logs a warning at start-up.
   *
   * The issuer's own host may be on a private network without it.
   *
   * @defaultValue false
   */
  allowPrivateNetwork?: boolean;
  /**
   * Accepts `http:` beyond loopback for the issuer, `metadataUrl`, `jwks_uri` and the introspection
   * endpoint. Whoever can change what goes over the network can then replace the keys, and make tokens
   * that are accepted; whoever can read it learns the tokens that are introspected, and the client's
   * secret. Logs a warning at start-up.
   *
   * @defaultValue false
   */
  allowInsecureRequests?: boolean;
}

/** How the tokens of an authorization server are verified, and read. */
export interface AuthorizationServerTokens {
  /**
   * How their claims are read at this resource. What is given here takes the place of what the
   * resource's own `claims` says.
   */
  claims?: ClaimsOptions;
  /**
   * How this server is asked about tokens that cannot be verified here: those that are no JWTs, and, if
   * it publishes no JWK Set, its JWTs (RFC 7662). Opaque tokens do not say whose they are: they are sent
   * to each server of the resource that has this option, in their order, until one knows them.
   *
   * @defaultValue it is not asked; tokens that are no JWTs are refused
   */
  introspection?: IntrospectionOptions;
}

/** An authorization server whose metadata is fetched. */
export interface DiscoveredAuthorizationServer
  extends AuthorizationServerConnection, AuthorizationServerTokens {
  /** The issuer identifier, exactly as the server writes it in its metadata and in `iss`. */
  issuer: string;
  /**
   * `oauth`: `/.well-known/oauth-authorization-server` before the issuer's path (RFC 8414);
   * `oidc`: `/.well-known/openid-configuration` after it (OpenID Connect Discovery).
   *
   * @defaultValue the candidates of the MCP specification, tried in its order
   */
  type?: AuthorizationServerType;
  /** Where the metadata is, if not at a well-known URL. */
  metadataUrl?: string;
  /** Mends a document that departs from the standards. */
  transformMetadata?: TransformMetadata;
  metadata?: never;
}

/** An authorization server whose metadata is known; nothing is fetched but its JWK Set. */
export interface KnownAuthorizationServer
  extends AuthorizationServerConnection, AuthorizationServerTokens {
  /** The metadata in camelCase, written by hand or had from {@link fetchServerConfig}. */
  metadata: AuthorizationServerMetadata;
  /** Only for the reader: nothing is discovered. */
  type?: AuthorizationServerType;
  issuer?: never;
  metadataUrl?: never;
  transformMetadata?: never;
}

/** An authorization server that a protected resource trusts: an issuer identifier, or more. */
export type AuthorizationServerOptions =
  string | DiscoveredAuthorizationServer | KnownAuthorizationServer;

/** What is validated: any form, written out. */
export class AuthorizationServerSettings {
  @Checked<AuthorizationServerSettings>('issuer', (value, owner) =>
    owner.metadata === undefined ? issuerIdentifier(value, owner) : besideMetadata(value),
  )
  issuer?: string;

  @Optional()
  @Checked('type', oneOf('oauth', 'oidc'))
  type?: AuthorizationServerType;

  @Checked('metadataUrl', onlyWhereDiscovered(documentUrl))
  metadataUrl?: string;

  @Checked('transformMetadata', onlyWhereDiscovered(aFunction))
  transformMetadata?: TransformMetadata;

  @Optional()
  @Checked('metadata', metadataProblem)
  metadata?: AuthorizationServerMetadata;

  @Optional()
  @Checked('allowPrivateNetwork', boolean)
  allowPrivateNetwork?: boolean;

  @Optional()
  @Checked('allowInsecureRequests', boolean)
  allowInsecureRequests?: boolean;

  @Optional()
  @Nested(() => ClaimsSettings)
  claims?: ClaimsOptions;

  @Optional()
  @Nested(() => IntrospectionSettings)
  @Checked('introspection', introspectionProblem)
  introspection?: IntrospectionOptions;
}

/** The issuer identifier, whatever the form; nothing where there is none. */
export function issuerOf(
  server: AuthorizationServerOptions | AuthorizationServerSettings | null,
): string | undefined {
  return typeof server === 'string' ? server : (server?.issuer ?? server?.metadata?.issuer);
}

function besideMetadata(value: unknown): string | undefined {
  return value === undefined
    ? undefined
    : 'has no effect beside "metadata", where nothing is discovered; remove one of the two';
}

function onlyWhereDiscovered(
  problem: Problem<AuthorizationServerSettings>,
): Problem<AuthorizationServerSettings> {
  return (value, owner) => {
    if (value === undefined) {
      return undefined;
    }
    return owner.metadata === undefined ? problem(value, owner) : besideMetadata(value);
  };
}

function metadataProblem(value: unknown, owner: AuthorizationServerSettings): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return 'must be an object in camelCase with at least "issuer" and "jwksUri"';
  }
  const { issuer, jwksUri, jwks_uri } = value as Record<string, unknown>;
  if (jwks_uri !== undefined) {
    return 'must be written in camelCase: "jwksUri", not "jwks_uri"';
  }
  const wrong = issuerIdentifier(issuer, owner);
  if (wrong !== undefined) {
    return `needs an issuer that is right: "issuer" ${wrong}`;
  }
  const wrongUri = jwksUri === undefined ? undefined : documentUrl(jwksUri, owner);
  return wrongUri && `needs a JWK Set that can be fetched: "jwksUri" ${wrongUri}`;
}

/** It depends on the server where its endpoint may be. */
function introspectionProblem(
  value: unknown,
  owner: AuthorizationServerSettings,
): string | undefined {
  const { endpoint = owner.metadata?.introspectionEndpoint } = (value ??
    {}) as IntrospectionOptions;
  if (endpoint === undefined) {
    return (
      owner.metadata &&
      'needs "endpoint", or else "introspectionEndpoint" in the metadata, which is not fetched'
    );
  }
  const wrong = documentUrl(endpoint, owner);
  return wrong && `needs an endpoint that can be asked: "endpoint" ${wrong}`;
}
