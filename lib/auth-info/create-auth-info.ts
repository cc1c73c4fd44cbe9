import type { VerifiedToken } from '../token/token-verifier.js';
import type { AuthInfo } from './auth-info.js';
import {
  inheritedResource,
  oncePerCaller,
  attachInternals,
  type AcceptingResource,
} from './caller-internals.js';
import { NoAuthInfoError } from '../errors/no-auth-info.error.js';
import { deepFreeze } from './deep-freeze.js';
import { principalOf } from './principal.js';

/**
 * Returns a new URL at each read: a URL cannot be frozen, and one request must not change the URL of another.
 *
 * All callers share this function. A function for each resource would give the callers of each resource a
 * different hidden class in V8. With a thousand resources, all code that reads callers would be slow.
 */
const RESOURCE: PropertyDescriptor = {
  get(this: object) {
    return new URL(inheritedResource(this)?.resource ?? '');
  },
  enumerable: true,
};

/** Computes the principal at the first read, since most requests do not need it. */
const principalOfCaller = oncePerCaller((caller) => principalOf(caller));

const PRINCIPAL: PropertyDescriptor = {
  get(this: AuthInfo) {
    const principal = principalOfCaller(this);
    if (principal === undefined) {
      throw new NoAuthInfoError(
        'AuthInfo.principal was read, but the token has no user ("subject") and no client ("clientId"), or the identifier of the user or client is not well-formed Unicode. Let the authorization server send a valid subject or client id, or set the option "claims" to read them from other claims.',
      );
    }
    return principal;
  },
  enumerable: false,
};

/**
 * Creates the `AuthInfo` of the caller that presented `token` to a resource. The claims are frozen, not copied.
 */
export function createAuthInfo(
  token: string,
  verified: VerifiedToken,
  acceptedBy: AcceptingResource,
): AuthInfo {
  const { audience } = verified;
  const authInfo = {
    issuer: verified.issuer,
    subject: verified.subject,
    clientId: verified.clientId ?? '',
    scopes: Object.freeze([...(verified.scopes ?? [])]),
    audience: typeof audience === 'object' ? Object.freeze([...audience]) : audience,
    expiresAt: verified.expiresAt,
    resourceMetadataUrl: acceptedBy.metadataUrl,
    claims: deepFreeze(verified.claims ?? {}),
    // Not frozen deeply: the values belong to the application.
    extra: Object.freeze({ ...verified.extra }),
  };
  attachInternals(authInfo, acceptedBy);
  Object.defineProperty(authInfo, 'resource', RESOURCE);
  Object.defineProperty(authInfo, 'principal', PRINCIPAL);
  // Not enumerable, so that no log, no JSON and no copy of the caller contains the token by accident.
  Object.defineProperty(authInfo, 'token', { value: token });
  // The cast is needed because the compiler does not see what `defineProperty` adds, and because the MCP SDK's
  // type has mutable arrays. These arrays are frozen.
  return Object.freeze(authInfo) as unknown as AuthInfo;
}
