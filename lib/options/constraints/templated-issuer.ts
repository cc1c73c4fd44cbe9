import { isTemplate } from '../../url/tenant-template.js';
import { issuerOf, type AuthorizationServerOptions } from '../authorization-server.options.js';

const AS_SEGMENT = /^[^{}]+:\/\/[^/{}]+(?:\/[^/{}]+)*\/\{tenant\}(?:\/[^/{}]+)*\/?$/;

/** What is wrong with an authorization server that there is one of for each tenant. */
export function templatedIssuerProblem(
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
