import { isTemplate } from '../../url/tenant-template.js';
import {
  issuerOf,
  type AuthorizationServerOptions,
  type AuthorizationServerSettings,
} from '../authorization-server.options.js';
import { isResolver, namedServers } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';

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
      return 'holds an authorization server that is missing; is an environment variable not set?';
    }
    if (value.slice(0, -1).some(isResolver)) {
      return 'must hold one resolver at most, after the authorization servers that it names';
    }
    const servers = namedServers(value);
    const issuers = (servers as (AuthorizationServerSettings | null)[]).map(issuerOf);
    const duplicate = issuers.find((issuer, index) => issuer && issuers.indexOf(issuer) !== index);
    return duplicate
      ? `names the issuer "${duplicate}" twice; remove one of the two`
      : templatedIssuerProblem(servers, resource);
  },
);

const AS_SEGMENT = /^[^{}]+:\/\/[^/{}]+(?:\/[^/{}]+)*\/\{tenant\}(?:\/[^/{}]+)*\/?$/;

/** What is wrong with an authorization server that there is one of for each tenant. */
function templatedIssuerProblem(
  servers: readonly AuthorizationServerOptions[],
  resource: unknown,
): string | undefined {
  const templated = servers.filter((server) => isTemplate(issuerOf(server)));
  if (templated.length > 0 && !isTemplate(resource)) {
    return 'holds an issuer with "{tenant}", which "resource" does not hold: there are no tenants';
  }
  if (templated.some((server) => !AS_SEGMENT.test(issuerOf(server) ?? ''))) {
    return 'holds an issuer with "{tenant}" that is not, once, a whole segment of its path; let "tenants" answer the authorizationServers of each tenant instead';
  }
  return templated.some((server) => typeof server === 'object' && server.metadata !== undefined)
    ? 'holds metadata with "{tenant}", which is given by hand; let "tenants" answer the authorizationServers of each tenant instead'
    : undefined;
}
