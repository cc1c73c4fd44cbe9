import { IsIn, ValidateIf } from 'class-validator';
import type {
  AuthorizationServerMetadata,
  TransformMetadata,
} from '../metadata/authorization-server-metadata.js';
import { ClaimsSettings, type ClaimsOptions } from './claims.options.js';
import { HasIntrospectionEndpoint, IsServerMetadata } from './constraints/is-server-metadata.js';
import { IsDocumentUrl, IsIssuer } from './constraints/urls.js';
import { IsFunction, IsTrueOrFalse } from './constraints/values.js';
import { IntrospectionSettings, type IntrospectionOptions } from './introspection.options.js';
import type { Form, Plain } from './plain.js';
import { must } from './validation/must.js';
import { Nested } from './validation/nested.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

const TYPES = ['oauth', 'oidc'] as const;

/** Which standard's well-known URL an authorization server publishes its metadata at. */
export type AuthorizationServerType = (typeof TYPES)[number];

/** An authorization server whose metadata is fetched. */
export type DiscoveredAuthorizationServer = Form<AuthorizationServerSettings, 'issuer', 'metadata'>;

/** An authorization server whose metadata is known; nothing is fetched but its JWK Set. */
export type KnownAuthorizationServer = Form<
  AuthorizationServerSettings,
  'metadata',
  'issuer' | 'metadataUrl' | 'transformMetadata'
>;

/** To where the documents of an authorization server may lead. */
export type AuthorizationServerConnection = Pick<
  Plain<AuthorizationServerSettings>,
  'allowPrivateNetwork' | 'allowInsecureRequests'
>;

/** How the tokens of an authorization server are verified, and read. */
export type AuthorizationServerTokens = Pick<
  Plain<AuthorizationServerSettings>,
  'claims' | 'introspection'
>;

/** An authorization server that a protected resource trusts: an issuer identifier, or more. */
export type AuthorizationServerOptions =
  string | DiscoveredAuthorizationServer | KnownAuthorizationServer;

const OnlyWhereDiscovered = () =>
  OnlyIf<AuthorizationServerSettings>(
    ({ metadata }) => metadata === undefined,
    'has no effect beside "metadata", where nothing is discovered; remove one of the two',
  );

/** The class that {@link AuthorizationServerOptions} are validated as, whatever their form. */
export class AuthorizationServerSettings {
  static readonly memberIs = 'an option of an authorization server';

  /** The issuer identifier, exactly as the server writes it in its metadata and in `iss`. */
  @ValidateIf(
    ({ issuer, metadata }: AuthorizationServerSettings) =>
      issuer !== undefined || metadata === undefined,
  )
  @OnlyWhereDiscovered()
  @IsIssuer()
  issuer?: string;

  /**
   * `oauth`: `/.well-known/oauth-authorization-server` before the issuer's path (RFC 8414);
   * `oidc`: `/.well-known/openid-configuration` after it (OpenID Connect Discovery). Beside `metadata` only
   * for the reader: nothing is discovered.
   *
   * @defaultValue the candidates of the MCP specification, tried in its order
   */
  @Optional()
  @IsIn(TYPES, must.beOneOf)
  type?: AuthorizationServerType;

  /** Where the metadata is, if not at a well-known URL. */
  @Optional()
  @OnlyWhereDiscovered()
  @IsDocumentUrl()
  metadataUrl?: string;

  /** Mends a document that departs from the standards, before it is checked. */
  @Optional()
  @OnlyWhereDiscovered()
  @IsFunction()
  transformMetadata?: TransformMetadata;

  /** The metadata in camelCase, written by hand or had from {@link fetchServerConfig}. */
  @Optional()
  @IsServerMetadata()
  metadata?: AuthorizationServerMetadata;

  /**
   * Accepts a metadata document or a JWK Set at an address that is nearer than the issuer: on a
   * private network while the issuer is at a public address, on this machine or at a link-local
   * address while the issuer is elsewhere. Logs a warning at start-up.
   *
   * The issuer's own host may be on a private network without it.
   *
   * @defaultValue false
   */
  @Optional()
  @IsTrueOrFalse()
  allowPrivateNetwork?: boolean;

  /**
   * Accepts `http:` beyond loopback for the issuer, `metadataUrl`, `jwks_uri` and the introspection
   * endpoint. Whoever can change what goes over the network can then replace the keys, and make tokens
   * that are accepted; whoever can read it learns the tokens that are introspected, and the client's
   * secret. Logs a warning at start-up.
   *
   * @defaultValue false
   */
  @Optional()
  @IsTrueOrFalse()
  allowInsecureRequests?: boolean;

  /**
   * How the claims of its tokens are read at this resource. What is given here takes the place of what the
   * resource's own `claims` says.
   */
  @Optional()
  @Nested(() => ClaimsSettings)
  claims?: ClaimsOptions;

  /**
   * How this server is asked about tokens that cannot be verified here: those that are no JWTs, and, if
   * it publishes no JWK Set, its JWTs (RFC 7662). Opaque tokens do not say whose they are: they are sent
   * to each server of the resource that has this option, in their order, until one knows them.
   *
   * @defaultValue it is not asked; tokens that are no JWTs are refused
   */
  @Optional()
  @Nested(() => IntrospectionSettings)
  @HasIntrospectionEndpoint()
  introspection?: IntrospectionOptions;
}

/** The issuer identifier, whatever the form; nothing where there is none. */
export function issuerOf(
  server: AuthorizationServerOptions | AuthorizationServerSettings | null,
): string | undefined {
  return typeof server === 'string' ? server : (server?.issuer ?? server?.metadata?.issuer);
}
