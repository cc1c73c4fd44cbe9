import type { PolicyDescription } from '../start-up/policy-description.js';
import type { SecurityRequirement } from './security-schemes.js';

/** The part of a response of an OpenAPI operation that is read and changed. */
interface OperationResponse {
  description?: string;
  links?: Record<string, { operationId?: string }>;
}

/** The part of an OpenAPI operation that is read and changed. */
export interface Operation {
  operationId?: string;
  security?: SecurityRequirement[];
  responses: Record<string, OperationResponse>;
}

const UNAUTHORIZED = { description: 'The request has no valid access token.' };
const FORBIDDEN = {
  description: 'The access token lacks a scope, or the caller does not meet a condition.',
};

/** Returns the members that an operation gets. What the operation declares itself stays. */
export function securityOf(
  { security, responses }: Operation,
  { scopes, conditions, computesScopes }: PolicyDescription,
  requirements: SecurityRequirement[],
): Pick<Operation, 'responses' | 'security'> {
  const mayBeForbidden = scopes.length > 0 || conditions.length > 0 || computesScopes;
  return {
    security: security ?? requirements,
    responses: { 401: UNAUTHORIZED, ...(mayBeForbidden && { 403: FORBIDDEN }), ...responses },
  };
}
