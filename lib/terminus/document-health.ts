import type { AuthorizationServerConditions } from '../authorization-server/authorization-server-health.js';
import type { DocumentCondition } from '../authorization-server/fetching/cached-document.js';

/**
 * The condition of a document of an authorization server, in a health check.
 *
 * @experimental It may change in any version.
 */
export interface DocumentHealth {
  /**
   * - `fresh`: within its lifetime.
   * - `stale`: older than its lifetime. It is still used if no newer document can be fetched.
   * - `missing`: no usable document is cached. This is normal before the first token, unless `discovery` is `'eager'`.
   * - `configured`: the document is in the options, so nothing is fetched.
   */
  state: 'fresh' | 'stale' | 'missing' | 'configured';
  /** The seconds since the document was fetched. */
  ageSeconds?: number;
  /** `true` if the last attempt to fetch the document failed. */
  isFailing: boolean;
}

/**
 * The data of an authorization server in a health check.
 *
 * @experimental It may change in any version.
 */
export interface AuthorizationServerHealthData {
  metadata: DocumentHealth;
  /** The JWK Set. It stays `missing` if all tokens of the server are introspected. */
  jwks: DocumentHealth;
  [key: string]: unknown;
}

export function healthData(
  conditions: AuthorizationServerConditions,
): AuthorizationServerHealthData {
  return { metadata: documentHealth(conditions.metadata), jwks: documentHealth(conditions.jwks) };
}

function documentHealth(condition: DocumentCondition | undefined): DocumentHealth {
  if (condition === undefined) {
    return { state: 'configured', isFailing: false };
  }
  const { state, age, isFailing } = condition;
  return { state, ...(age !== undefined && { ageSeconds: Math.floor(age / 1000) }), isFailing };
}
