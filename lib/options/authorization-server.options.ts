import { IsIn, ValidateIf } from 'class-validator';
import type {
  AuthorizationServerMetadata,
  TransformMetadata,
} from '../metadata/authorization-server-metadata.js';
import { ClaimsSettings, type ClaimsOptions } from './claims.options.js';
import {
  HasIntrospectionEndpoint,
  HasKeysForResponses,
  IsServerMetadata,
} from './constraints/is-server-metadata.js';
import { IsDocumentUrl, IsIssuer } from './constraints/urls.js';
import { IsFunction, IsNonEmptyString, IsTrueOrFalse } from './constraints/values.js';
import { IntrospectionSettings, type IntrospectionOptions } from './introspection.options.js';
import type { KeysByHand } from '../token/keys-by-hand.js';
import { AreKeysByHand } from './constraints/are-keys-by-hand.js';
import type { Form, Plain } from './plain.js';
import { OneOrMore } from './validation/each-item.js';
import { must } from './validation/must.js';
import { Nested } from './validation/nested.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

const TYPES = ['oauth', 'oidc'] as const;

/** The standard that defines the well-known URL of an authorization server's metadata. */
export type AuthorizationServerType = (typeof TYPES)[number];

/** An authorization server whose metadata is fetched. */
export type DiscoveredAuthorizationServer = Form<AuthorizationServerSettings, 'issuer', 'metadata'>;

/**
 * An authorization server whose metadata is written in the options, and is not fetched. If the
 * metadata names a JWK Set, that set is fetched, unless `jwks` is given.
 */
export type KnownAuthorizationServer = Form<
  AuthorizationServerSettings,
  'metadata',
  'issuer' | 'metadataUrl' | 'transformMetadata'
>;

/** The options that allow URLs and addresses of an authorization server which are rejected by default. */
export type AuthorizationServerConnection = Pick<
  Plain<AuthorizationServerSettings>,
  'allowPrivateNetwork' | 'allowInsecureRequests'
>;

/** The options for the tokens of an authorization server: which claims are read, and introspection. */
export type AuthorizationServerTokens = Pick<
  Plain<AuthorizationServerSettings>,
  'claims' | 'introspection'
>;

/**
 * An authorization server that a protected resource trusts: an issuer identifier, or an object with
 * options.
 */
export type AuthorizationServerOptions =
  string | DiscoveredAuthorizationServer | KnownAuthorizationServer;

const OnlyWhereDiscovered = () =>
  OnlyIf<AuthorizationServerSettings>(
    ({ metadata }) => metadata === undefined,
    'has no effect together with "metadata", because the metadata is not fetched then; remove one of the two',
  );

/** The class that validates all forms of {@link AuthorizationServerOptions}. */
export class AuthorizationServerSettings {
  static readonly memberIs = 'an option of an authorization server';

  /**
   * The issuer identifier, exactly as `issuer` in the server's metadata. It is published, so that clients find
   * the server. Without `tokenIssuer`, it is also the claim `iss` of the server's tokens.
   */
  @ValidateIf(
    ({ issuer, metadata }: AuthorizationServerSettings) =>
      issuer !== undefined || metadata === undefined,
  )
  @OnlyWhereDiscovered()
  @IsIssuer()
  issuer?: string;

  /**
   * The claim `iss` of this server's tokens and introspection responses, for a provider that does not write the
   * `issuer` of its metadata there. If it is an array, each of its items is accepted. It is compared exactly. Nothing
   * is ever fetched from it, so it may have `http:`, or be no URL. `AuthInfo.issuer` and `AuthInfo.principal` come from
   * it. An introspection response without `iss` counts as a response with the first item.
   *
   * It is **not** published. The module does **not** check that the metadata contains it. May contain `{tenant}` if
   * `issuer` does.
   *
   * @defaultValue the issuer
   */
  @Optional()
  @OneOrMore(IsNonEmptyString())
  tokenIssuer?: string | string[];

  /**
   * The standard that decides at which well-known URL the metadata is fetched.
   *
   * - `'oauth'`: `/.well-known/oauth-authorization-server` before the path of the issuer (RFC 8414).
   * - `'oidc'`: `/.well-known/openid-configuration` after the path of the issuer (OpenID Connect Discovery).
   *
   * Has no effect together with `metadata` or `metadataUrl`, because no well-known URL is used then.
   *
   * @defaultValue the URLs that the MCP specification lists, tried in its order
   */
  @Optional()
  @IsIn(TYPES, must.beOneOf)
  type?: AuthorizationServerType;

  /** The URL of the metadata document, if the server does not publish it at a well-known URL. */
  @Optional()
  @OnlyWhereDiscovered()
  @IsDocumentUrl()
  metadataUrl?: string;

  /**
   * A function that corrects a fetched metadata document before it is checked. It is for providers that
   * depart from the standards.
   */
  @Optional()
  @OnlyWhereDiscovered()
  @IsFunction()
  transformMetadata?: TransformMetadata;

  /** The metadata in camelCase, written in your code or returned by {@link fetchServerConfig}. */
  @Optional()
  @IsServerMetadata()
  metadata?: AuthorizationServerMetadata;

  /**
   * The public keys of this server: a JWK Set, `{ file }` for a JWK Set that is read at start-up, or keys in
   * PEM with their algorithm. JWTs of this server are then verified without fetching anything. Use it on
   * a machine without a network, or for an authorization server in the same process. Symmetric and private
   * keys are rejected.
   *
   * The keys are **not** updated while the application runs: a new key needs a restart.
   *
   * @defaultValue the JWK Set that the metadata names (`jwks_uri`)
   */
  @Optional()
  @AreKeysByHand()
  jwks?: KeysByHand;

  /**
   * Accepts a metadata document, a JWK Set or an introspection endpoint at an address that is nearer than the issuer.
   * An address on a private network is nearer than a public address. An address of this machine, or a link-local
   * address, is nearer than both. Logs a warning at start-up.
   *
   * If the issuer itself is on a private network, you do not need this option for URLs with its host and port.
   *
   * @defaultValue false
   */
  @Optional()
  @IsTrueOrFalse()
  allowPrivateNetwork?: boolean;

  /**
   * Accepts `http:` for hosts other than loopback, in the issuer, `metadataUrl`, `jwks_uri` and the
   * introspection endpoint. An attacker who can change the network traffic can then replace the keys, and
   * forge tokens that are accepted. An attacker who can read the traffic learns the introspected tokens and
   * the client secret. Logs a warning at start-up.
   *
   * @defaultValue false
   */
  @Optional()
  @IsTrueOrFalse()
  allowInsecureRequests?: boolean;

  /**
   * The claims to read, for tokens of this server. Each member given here overrides the same member of the
   * resource's `claims`.
   */
  @Optional()
  @Nested(() => ClaimsSettings)
  claims?: ClaimsOptions;

  /**
   * Introspection (RFC 7662): the authorization server is asked about a token that cannot be verified here. Such tokens
   * are opaque tokens, and also JWTs if this server publishes no JWK Set and `jwks` is not given. An opaque token does
   * not name its issuer. It is therefore sent to the resource's servers with this option one after the other, until a
   * server says that the token is active.
   *
   * @defaultValue no introspection; opaque tokens are rejected
   */
  @Optional()
  @Nested(() => IntrospectionSettings)
  @HasIntrospectionEndpoint()
  @HasKeysForResponses()
  introspection?: IntrospectionOptions;
}

/** Returns the issuer identifier: the text itself, the option `issuer`, or the issuer in `metadata`. */
export function issuerOf(
  server: AuthorizationServerOptions | AuthorizationServerSettings | null,
): string | undefined {
  return typeof server === 'string' ? server : (server?.issuer ?? server?.metadata?.issuer);
}

/** Returns the values of `iss` that the tokens of a server may have. */
export function tokenIssuersOf(
  server: AuthorizationServerOptions | AuthorizationServerSettings | null,
): readonly string[] {
  const given = typeof server === 'string' ? undefined : server?.tokenIssuer;
  return [...new Set([given ?? issuerOf(server) ?? []].flat())];
}
