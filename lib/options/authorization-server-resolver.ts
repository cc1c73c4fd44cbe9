import type { Type } from '@nestjs/common';
import {
  AuthorizationServerSettings,
  type AuthorizationServerOptions,
} from './authorization-server.options.js';
import { isClass } from './constraints/values.js';
import { constraint } from './validation/constraint.js';

/** The context in which an {@link AuthorizationServerResolver} is called. */
export interface ResolutionContext {
  /** The tenant whose resource the token was sent to. Set only if `resource` contains `{tenant}`. */
  readonly tenant?: string;
}

/** The options of an authorization server, or `undefined` if the issuer is not trusted. */
export type ResolvedAuthorizationServer =
  AuthorizationServerOptions | undefined | Promise<AuthorizationServerOptions | undefined>;

/**
 * A class that decides which issuers a resource trusts. Use it if the issuers are too many for a list, or
 * change too often. Extend it, and name your class in `authorizationServers`. If your class is a provider of
 * the application, that provider is used. Otherwise the module creates an instance.
 *
 * The `issuer` argument is the `iss` of a JWT that is **not verified** yet, and nothing has been fetched.
 * It was only checked to be a secure issuer URL of at most 1000 characters. Compare it exactly with
 * the issuers that you trust. Both results, trusted and not trusted, are cached for `tenantCache.ttl`.
 * Opaque tokens name no issuer. The resolver is called for them only if your own `tokenVerifier` returns an
 * issuer.
 */
export abstract class AuthorizationServerResolver {
  /**
   * Returns the options of the authorization server with this issuer, in any form that `authorizationServers` accepts.
   * Their `tokenIssuer`, or one item of it, must equal `issuer`. Without `tokenIssuer`, their issuer must equal it.
   * Return `undefined` if the issuer is not trusted; the guard then answers 401.
   *
   * @throws AuthorizationServerUnavailableError if you cannot decide now. The guard then answers 503, as it
   * does if there is no result within `fetchTimeout`. Any other error, or options that are not valid, count
   * as a fault of the application, and the guard answers 500.
   */
  abstract resolve(issuer: string, context: ResolutionContext): ResolvedAuthorizationServer;
}

/** An {@link AuthorizationServerResolver} as a plain function. */
export type ResolveAuthorizationServer = AuthorizationServerResolver['resolve'];

/** The forms in which the options accept a resolver. */
export type AuthorizationServerResolverOption =
  ResolveAuthorizationServer | Type<AuthorizationServerResolver>;

/** A list of authorization servers, a resolver, or a list with a resolver as its last item. */
export type AuthorizationServersOption =
  | readonly (AuthorizationServerOptions | AuthorizationServerResolverOption)[]
  | AuthorizationServerResolverOption;

const IsResolver = constraint('isResolver', (value) =>
  isClass(value) && !(value.prototype instanceof AuthorizationServerResolver)
    ? 'must extend AuthorizationServerResolver, if it is a class'
    : undefined,
);

/** The class that wraps a resolver, so that it is validated like the servers in the same list. */
export class AuthorizationServerResolverSettings {
  @IsResolver()
  resolver!: AuthorizationServerResolverOption;
}

/** Turns a member of `authorizationServers` into an object for the class of {@link settingsTypeOf}. */
export function expandServer(given: unknown): unknown {
  if (typeof given === 'function') {
    return { resolver: given };
  }
  return typeof given === 'string' ? { issuer: given } : given;
}

export function settingsTypeOf(
  given: unknown,
): typeof AuthorizationServerResolverSettings | typeof AuthorizationServerSettings {
  return typeof given === 'function'
    ? AuthorizationServerResolverSettings
    : AuthorizationServerSettings;
}

/** Returns the authorization servers in validated options, without the resolver. */
export function namedServers(validated: unknown): AuthorizationServerOptions[] {
  return [validated].flat().filter((server) => !isResolver(server)) as AuthorizationServerOptions[];
}

/** Returns the resolver in validated options. */
export function findResolver(validated: unknown): AuthorizationServerResolverOption | undefined {
  return [validated].flat().find(isResolver)?.resolver;
}

/** Returns `true` if a resolver is a class, `false` if it is a function. */
export function isResolverClass(
  resolver: AuthorizationServerResolverOption,
): resolver is Type<AuthorizationServerResolver> {
  return (resolver.prototype as unknown) instanceof AuthorizationServerResolver;
}

export function isResolver(server: unknown): server is AuthorizationServerResolverSettings {
  return server instanceof AuthorizationServerResolverSettings;
}
