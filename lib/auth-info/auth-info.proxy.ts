import { NoAuthInfoError } from '../errors/no-auth-info.error.js';
import { currentAuthInfo } from './auth-info.context.js';
import type { AuthInfo } from './auth-info.js';

const MEMBERS: Record<keyof AuthInfo, true> = {
  token: true,
  issuer: true,
  subject: true,
  clientId: true,
  scopes: true,
  audience: true,
  expiresAt: true,
  resource: true,
  resourceMetadataUrl: true,
  claims: true,
  extra: true,
};

/**
 * What is injected for {@link AuthInfo}: one object for the whole application, whose members are
 * those of the current request's caller.
 *
 * A name that is no member of `AuthInfo` reads as `undefined`: Nest probes every instance for
 * `then`, `onModuleInit` and the like, long before there is a request.
 */
export function createAuthInfoProxy(): AuthInfo {
  return new Proxy({} as AuthInfo, {
    get: (_, member) => (isMember(member) ? authenticated(member)[member] : undefined),
    has: (_, member) => isMember(member) && currentAuthInfo() !== undefined,
    ownKeys: () => (currentAuthInfo() === undefined ? [] : Object.keys(MEMBERS)),
    getOwnPropertyDescriptor: (_, member) => descriptor(member),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
}

function isMember(name: string | symbol): name is keyof AuthInfo {
  return typeof name === 'string' && Object.hasOwn(MEMBERS, name);
}

function authenticated(member: keyof AuthInfo): AuthInfo {
  const authInfo = currentAuthInfo();
  if (authInfo === undefined) {
    throw new NoAuthInfoError(
      `AuthInfo.${member} was read where there is no authenticated caller: outside a request, on a ` +
        `@Public() handler, for an anonymous caller of an @OptionalAuth() handler, or before ` +
        `BearerAuthGuard ran. Ask "'${member}' in authInfo" first where that is expected.`,
    );
  }
  return authInfo;
}

/** Configurable, as the proxy's target does not have the member itself. */
function descriptor(member: string | symbol): PropertyDescriptor | undefined {
  const authInfo = currentAuthInfo();
  return authInfo !== undefined && isMember(member)
    ? { value: authInfo[member], enumerable: true, configurable: true, writable: false }
    : undefined;
}
