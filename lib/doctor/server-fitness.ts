import type { AuthorizationServerMetadata } from '../metadata/authorization-server-metadata.js';
import {
  serverChecks,
  type ServerConfigResource,
} from '../authorization-server/metadata/server-checks.js';
import {
  validateServerConfig,
  type ServerConfigFinding,
} from '../authorization-server/metadata/validate-server-config.js';
import { ok, problem, warning, type Finding } from './finding.js';
import { serverRemedies } from './server-remedies.js';

type CheckName = keyof typeof serverRemedies;

/** Returns the findings of {@link validateServerConfig}, in the order of its checks. */
export function serverFitness(
  metadata: AuthorizationServerMetadata,
  resource: ServerConfigResource,
): Finding[] {
  const { errors, warnings, successes } = validateServerConfig({ metadata }, resource);
  const findings = [
    ...errors.map((finding) => withRemedy(problem, finding)),
    ...warnings.map((finding) => withRemedy(warning, finding)),
    ...successes.map((finding) => ok(nameOf(finding), finding.description)),
  ];
  const order: readonly string[] = Object.keys(serverChecks);
  return findings.sort((one, other) => order.indexOf(one.check) - order.indexOf(other.check));
}

function withRemedy(make: typeof problem, finding: ServerConfigFinding): Finding {
  const name = nameOf(finding);
  return make(name, finding.description, serverRemedies[name]);
}

/** Returns the name of a check: the code of its finding without the result. */
function nameOf({ code }: ServerConfigFinding): CheckName {
  return code.replace(/_(?:not_)?supported$/, '') as CheckName;
}
