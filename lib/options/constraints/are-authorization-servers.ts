import { isTemplate } from '../../url/tenant-template.js';
import { issuerOf, type AuthorizationServerSettings } from '../authorization-server.options.js';
import { isResolver, namedServers } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';
import { templatedIssuerProblem } from './templated-issuer.js';

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
