import { toSnakeCase } from '../../metadata/camel-case.js';
import type { ProtectedResourceMetadataDocument } from '../../metadata/protected-resource-metadata.js';
import {
  ProtectedResourceMetadataSettings,
  type ProtectedResourceMetadataOptions,
} from '../../options/protected-resource-metadata.options.js';
import { optionNames } from '../../options/validation/options-class.js';
import { withoutTrailingSlash } from '../../url/resource-identifier.js';

/** The fields of RFC 9728. Any other field is published under the name it was given. */
const FIELDS = new Set(optionNames(ProtectedResourceMetadataSettings));

/** Returns the document to publish, without null or empty members. */
export function toMetadataDocument(
  { resource, bearerMethodsSupported = ['header'], ...fields }: ProtectedResourceMetadataOptions,
  issuers: readonly string[],
): ProtectedResourceMetadataDocument {
  const rest = Object.entries(fields)
    .filter(([name, value]) => name !== 'authorizationServers' && !isEmpty(value))
    .map(([name, value]) => [publishedName(name), value]);
  return {
    resource: withoutTrailingSlash(resource),
    ...(issuers.length > 0 && { authorization_servers: issuers }),
    bearer_methods_supported: bearerMethodsSupported,
    ...(Object.fromEntries(rest) as Record<string, unknown>),
  };
}

/**
 * Returns the published name of a field. A language tag (`resourceName#fr`) is not changed (RFC 9728,
 * section 2.1).
 */
function publishedName(name: string): string {
  const [field = '', ...language] = name.split('#');
  return FIELDS.has(field) ? [toSnakeCase(field), ...language].join('#') : name;
}

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}
