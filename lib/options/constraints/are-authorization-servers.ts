import { isTemplate } from '../../url/tenant-template.js';
import {
  issuerOf,
  tokenIssuersOf,
  type AuthorizationServerOptions,
} from '../authorization-server.options.js';
import { isResolver, namedServers } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';
import { firstDuplicate } from './first-duplicate.js';

export const AreAuthorizationServers = constraint<{ resource?: unknown }>(
  'areAuthorizationServers',
  (value, { resource }) => {
    if (isResolver(value)) {
      return undefined;
    }
    if (!Array.isArray(value) || (value.length === 0 && !isTemplate(resource))) {
      return 'must be an array with at least one authorization server, or a resolver';
    }
    if (Array.from(value).includes(undefined)) {
      return 'contains undefined instead of an authorization server; is an environment variable not set?';
    }
    if (value.slice(0, -1).some(isResolver)) {
      return 'must contain at most one resolver, as its last item';
    }
    const servers = namedServers(value);
    return sameIssuerProblem(servers) ?? templatedIssuerProblem(servers, resource);
  },
);

/**
 * Finds two servers that have the same issuer, or whose tokens have the same `iss`: each server could issue tokens in
 * the name of the other.
 */
export function sameIssuerProblem(
  servers: readonly AuthorizationServerOptions[],
): string | undefined {
  const duplicate = firstDuplicate(servers.map(issuerOf));
  if (duplicate !== undefined) {
    return `names the issuer "${duplicate}" twice; remove one of the two`;
  }
  const shared = firstDuplicate(servers.flatMap(tokenIssuersOf));
  return (
    shared &&
    `names two authorization servers whose tokens have the issuer "${shared}", so it is not clear whose keys verify these tokens; change the "tokenIssuer" of one server, or remove one of the two`
  );
}

const AS_SEGMENT = /^[^{}]+:\/\/[^/{}]+(?:\/[^/{}]+)*\/\{tenant\}(?:\/[^/{}]+)*\/?$/;

/** Finds what is wrong with an issuer that contains `{tenant}`. */
function templatedIssuerProblem(
  servers: readonly AuthorizationServerOptions[],
  resource: unknown,
): string | undefined {
  const templated = servers.filter((server) => isTemplate(issuerOf(server)));
  const plain = servers.filter((server) => !templated.includes(server));
  if (templated.length > 0 && !isTemplate(resource)) {
    return 'contains an issuer with "{tenant}", but "resource" does not, so the resource has no tenants';
  }
  if (templated.some((server) => !AS_SEGMENT.test(issuerOf(server) ?? ''))) {
    return 'contains an issuer in which "{tenant}" is not exactly one whole segment of the path; let "tenants" return the authorizationServers of each tenant instead';
  }
  if (plain.some((server) => tokenIssuersOf(server).some(isTemplate))) {
    return 'contains a tokenIssuer with "{tenant}", but the issuer of that server does not contain "{tenant}"; put it into the issuer too, or let "tenants" return the authorizationServers of each tenant instead';
  }
  return templated.some((server) => typeof server === 'object' && server.metadata !== undefined)
    ? 'contains "metadata" with "{tenant}" in its issuer; let "tenants" return the authorizationServers of each tenant instead'
    : undefined;
}
