import type { SenderConstraints } from '../implied-metadata.js';
import { constraint } from '../validation/constraint.js';
import { contradictedMetadataProblem } from './contradicted-metadata.js';
import { unverifiableServerProblem } from './unverifiable-server.js';

/** As much of a protected resource as its metadata has to agree with; none of it validated yet. */
interface PublishedResource extends SenderConstraints {
  tokenVerifier?: unknown;
}

export const IsPublishedMetadata = constraint<PublishedResource>(
  'isPublishedMetadata',
  (value, resource) => {
    if (typeof value !== 'object' || value === null) {
      return 'must be an object with at least "resource" and "authorizationServers"';
    }
    try {
      JSON.stringify(value, (_, member: unknown) => (typeof member === 'function' ? null : member));
      return (
        contradictedMetadataProblem(value, resource) ?? unverifiableServerProblem(value, resource)
      );
    } catch {
      return 'holds a value that cannot be published as JSON';
    }
  },
);
