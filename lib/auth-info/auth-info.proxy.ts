import { inspect } from 'node:util';
import { NoAuthInfoError } from '../errors/no-auth-info.error.js';
import { currentAuthInfo } from './auth-info.context.js';
import type { AuthInfo } from './auth-info.js';
import { isCallerMember, MEMBERS } from './caller.js';

/**
 * Makes the object that is injected for {@link AuthInfo}. There is one for the whole application. Its
 * members are those of the current request's caller.
 *
 * A name that is not a member of `AuthInfo` reads as on any object, without an error. Nest probes every
 * instance for `then`, `onModuleInit` and the like, long before there is a request.
 */
export function createAuthInfoProxy(): AuthInfo {
  // Node prints the target of a proxy.
  const target = { [inspect.custom]: () => currentAuthInfo() ?? 'AuthInfo (no caller)' };
  return new Proxy(target as unknown as AuthInfo, {
    get: (target, member) =>
      isCallerMember(member)
        ? authenticated(member)[member]
        : (Reflect.get(target, member) as unknown),
    has: (_, member) => isCallerMember(member) && currentAuthInfo() !== undefined,
    ownKeys: () => (currentAuthInfo() === undefined ? [] : [...MEMBERS]),
    getOwnPropertyDescriptor: (_, member) => descriptor(member),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
    setPrototypeOf: () => false,
    preventExtensions: () => false,
  });
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

/** The members that are not enumerable, as on the caller itself. */
const HIDDEN: readonly (string | symbol)[] = ['token', 'principal'];

/** Describes a member as configurable, as a proxy must if its target does not have the member. */
function descriptor(member: string | symbol): PropertyDescriptor | undefined {
  const authInfo = currentAuthInfo();
  return authInfo !== undefined && isCallerMember(member)
    ? { get: () => authInfo[member], enumerable: !HIDDEN.includes(member), configurable: true }
    : undefined;
}
