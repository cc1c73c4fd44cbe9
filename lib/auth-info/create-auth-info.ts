import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { VerifiedToken } from '../token/token-verifier.js';
import { rememberAcceptingResource } from './accepting-resource.js';
import type { AuthInfo } from './auth-info.js';
import { deepFreeze } from './deep-freeze.js';

/** One function for all callers of a resource: with one each, no two would share a hidden class. */
const resourceMembers = new WeakMap<ProtectedResource, PropertyDescriptor>();

/** The caller that presents `token` to a resource. The claims are frozen as they are, not copied. */
export function createAuthInfo(
  token: string,
  verified: VerifiedToken,
  acceptedBy: ProtectedResource,
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
  Object.defineProperty(authInfo, 'resource', resourceMember(acceptedBy));
  // Not enumerable: no log, no JSON and no copy of the caller holds the token by accident.
  Object.defineProperty(authInfo, 'token', { value: token });
  rememberAcceptingResource(authInfo, acceptedBy);
  // Cast, since the MCP SDK's type has arrays that may be changed, and these may not.
  return Object.freeze(authInfo) as unknown as AuthInfo;
}

/** A URL cannot be frozen, and one request's must not be another's: a new one at each reading. */
function resourceMember(acceptedBy: ProtectedResource): PropertyDescriptor {
  const known = resourceMembers.get(acceptedBy) ?? {
    get: () => new URL(acceptedBy.resource),
    enumerable: true,
  };
  resourceMembers.set(acceptedBy, known);
  return known;
}
