import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { VerifiedToken } from '../token/token-verifier.js';
import { rememberAcceptingResource } from './accepting-resource.js';
import type { AuthInfo } from './auth-info.js';
import { deepFreeze } from './deep-freeze.js';

/** The caller that presents `token` to `resource`. */
export function createAuthInfo(
  token: string,
  verified: VerifiedToken,
  acceptedBy: ProtectedResource,
): AuthInfo {
  const { resource, metadataUrl } = acceptedBy;
  const { audience } = verified;
  const authInfo = {
    issuer: verified.issuer,
    subject: verified.subject,
    clientId: verified.clientId ?? '',
    scopes: Object.freeze([...(verified.scopes ?? [])]),
    audience: typeof audience === 'object' ? Object.freeze([...audience]) : audience,
    expiresAt: verified.expiresAt,
    // A URL cannot be frozen, and one request's must not be another's.
    get resource() {
      return new URL(resource);
    },
    resourceMetadataUrl: metadataUrl,
    claims: deepFreeze({ ...verified.claims }),
    // What is within is the application's own.
    extra: Object.freeze({ ...verified.extra }),
  };
  rememberAcceptingResource(authInfo, acceptedBy);
  // Not enumerable: no log, no JSON and no copy of the caller holds the token by accident. Cast, since
  // the MCP SDK's type has arrays that may be changed, and these may not.
  return Object.freeze(
    Object.defineProperty(authInfo, 'token', { value: token }),
  ) as unknown as AuthInfo;
}
