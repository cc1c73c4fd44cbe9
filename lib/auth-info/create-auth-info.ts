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
 * A URL cannot be frozen, and one request's must not be another's: a new one at each reading. By one
 * function for all callers: with one for each resource, the callers of a thousand resources would be of a
 * thousand hidden classes, and all that reads them slow.
 */
const RESOURCE: PropertyDescriptor = {
  get(this: object) {
    return new URL(inheritedResource(this)?.resource ?? '');
  },
  enumerable: true,
};

/** Worked out when it is first read, and then only read: most requests do not ask for it. */
const principalOfCaller = oncePerCaller((caller) => principalOf(caller));

const PRINCIPAL: PropertyDescriptor = {
  get(this: AuthInfo) {
    const principal = principalOfCaller(this);
    if (principal === undefined) {
      throw new NoAuthInfoError(
        'AuthInfo.principal was read, and the token names neither a user ("subject") nor a client ("clientId") that could own data. Let the authorization server name one, or say in the option "claims" where it stands.',
      );
    }
    return principal;
  },
  enumerable: false,
};

/** The caller that presents `token` to a resource. The claims are frozen as they are, not copied. */
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
    // What is within is the application's own.
    extra: Object.freeze({ ...verified.extra }),
  };
  attachInternals(authInfo, acceptedBy);
  Object.defineProperty(authInfo, 'resource', RESOURCE);
  Object.defineProperty(authInfo, 'principal', PRINCIPAL);
  // Not enumerable: no log, no JSON and no copy of the caller holds the token by accident.
  Object.defineProperty(authInfo, 'token', { value: token });
  // Cast, since the MCP SDK's type has arrays that may be changed, and these may not.
  return Object.freeze(authInfo) as unknown as AuthInfo;
}
