import type { Type } from '@nestjs/common';
import {
  AuthorizationServerSettings,
  type AuthorizationServerOptions,
} from './authorization-server.options.js';
import { isClass } from './constraints/values.js';
import { constraint } from './validation/constraint.js';

/** For whom an {@link AuthorizationServerResolver} is asked. */
export interface ResolutionContext {
  /** The tenant whose resource the token was sent to, where `resource` holds `{tenant}`. */
  readonly tenant?: string;
}

/** The options of an authorization server; nothing where the issuer is not trusted. */
export type ResolvedAuthorizationServer =
  AuthorizationServerOptions | undefined | Promise<AuthorizationServerOptions | undefined>;

/**
 * Says which issuers a resource trusts, where they are too many, or too changeable, for a list. Extend
 * it, and name the class in `authorizationServers`: a provider of the application's, or else an instance
 * is made for this purpose.
 *
 * It is asked with what a JWT says of itself (`iss`), before anything is fetched and with nothing verified
 * but that it is the secure URL of an issuer, of at most 1000 characters: compare it with what you know,
 * exactly. Both answers are kept for `tenantCache.ttl`. Opaque tokens name no issuer: it is never asked
 * about them.
 */
export abstract class AuthorizationServerResolver {
  /**
   * The options of the authorization server with this issuer: any form that `authorizationServers` takes,
   * its issuer the one that was asked for. Nothing where the issuer is not trusted: the token is answered
   * with 401.
   *
   * @throws AuthorizationServerUnavailableError if that cannot be told now; the guard answers 503, as when
   * there is no answer within `fetchTimeout`. Any other error, and an answer that is not right, is a fault
   * of the application and becomes 500.
   */
  abstract resolve(issuer: string, context: ResolutionContext): ResolvedAuthorizationServer;
}

/** An {@link AuthorizationServerResolver} as a plain function. */
export type ResolveAuthorizationServer = AuthorizationServerResolver['resolve'];

/** The forms that a resolver has in the options. */
export type AuthorizationServerResolverOption =
  ResolveAuthorizationServer | Type<AuthorizationServerResolver>;

/** A list of authorization servers, a resolver, or a list with a resolver in it. */
export type AuthorizationServersOption =
  | readonly (AuthorizationServerOptions | AuthorizationServerResolverOption)[]
  | AuthorizationServerResolverOption;

const IsResolver = constraint('isResolver', (value) =>
  isClass(value) && !(value.prototype instanceof AuthorizationServerResolver)
    ? 'must extend AuthorizationServerResolver, if it is a class'
    : undefined,
);

/** What a resolver is put into, so that it is validated like what stands beside it. */
export class AuthorizationServerResolverSettings {
  @IsResolver()
  resolver!: AuthorizationServerResolverOption;
}

/** Any member of `authorizationServers`, as an object that {@link settingsTypeOf} it can be validated. */
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

/** The authorization servers that validated options name. */
export function namedServers(validated: unknown): AuthorizationServerOptions[] {
  return [validated].flat().filter((server) => !isResolver(server)) as AuthorizationServerOptions[];
}

/** The resolver among them. */
export function resolverAmong(validated: unknown): AuthorizationServerResolverOption | undefined {
  return [validated].flat().find(isResolver)?.resolver;
}

/** Whether a resolver is a class; else it is a function. */
export function isResolverClass(
  resolver: AuthorizationServerResolverOption,
): resolver is Type<AuthorizationServerResolver> {
  return (resolver.prototype as unknown) instanceof AuthorizationServerResolver;
}

export function isResolver(server: unknown): server is AuthorizationServerResolverSettings {
  return server instanceof AuthorizationServerResolverSettings;
}
