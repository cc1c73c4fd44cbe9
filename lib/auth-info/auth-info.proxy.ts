import { inspect } from 'node:util';
import { NoAuthInfoError } from '../errors/no-auth-info.error.js';
import { currentAuthInfo } from './auth-info.context.js';
import type { AuthInfo } from './auth-info.js';
import { isCallerMember, MEMBERS } from './caller.js';

/**
 * Creates the object that is injected for {@link AuthInfo}. The whole application shares this object. Its
 * members are those of the current request's caller.
 *
 * Other names can be read without an error, as on any object. Nest looks for names such as `then` and
 * `onModuleInit` on every instance, long before there is a request.
 */
export function createAuthInfoProxy(): AuthInfo {
  // `console.log()` prints the target of a proxy.
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
        `BearerAuthGuard ran. If that is expected, check "'${member}' in authInfo" first.`,
    );
  }
  return authInfo;
}

/** The members that are not enumerable, as on the caller itself. */
const HIDDEN: readonly (string | symbol)[] = ['token', 'principal'];

/** Describes a member as configurable. A proxy must do so for a member that its target does not have. */
function descriptor(member: string | symbol): PropertyDescriptor | undefined {
  const authInfo = currentAuthInfo();
  return authInfo !== undefined && isCallerMember(member)
    ? { get: () => authInfo[member], enumerable: !HIDDEN.includes(member), configurable: true }
    : undefined;
}
