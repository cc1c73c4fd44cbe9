import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { HandlerPolicy } from '../policy/access-policy.js';
import { nameOf } from '../handler/handler.js';
import type { CapabilityRequirement } from './mcp-nest-requirement.js';

/**
 * Checks that there are enough controllers for the MCP servers whose methods are not all public, and enough
 * protected controllers for the servers that require scopes. It compares numbers only, because MCP-Nest does
 * not say which server a controller serves. A transport without a controller mounts its own route, and
 * **no guard runs** there.
 *
 * @throws McpAuthConfigurationError naming a method of a server for which there is no controller left
 */
export function assertMcpNestServed(
  requirements: readonly CapabilityRequirement[],
  routes: readonly HandlerPolicy[],
): void {
  const controllers = new Set(routes.map(({ handler }) => handler.controller));
  const isProtected = ({ policy }: HandlerPolicy) => policy !== 'public';
  const guarded = new Set(routes.filter(isProtected).map(({ handler }) => handler.controller));
  const unserved =
    firstWithoutController(
      controllers.size,
      requirements.filter(({ isPublic }) => !isPublic),
    ) ?? firstWithoutController(guarded.size, requirements.filter(hasScopes));
  if (unserved !== undefined) {
    throw new McpAuthConfigurationError(
      `There are fewer protected controllers of MCP-Nest than MCP servers that need such a controller, so MCP-Nest may serve ${nameOf(unserved.handler)} without the guard. Give ${unserved.server === undefined ? 'its server' : `its server "${unserved.server}"`} a protected controller that extends StreamableHttpController or McpHttpControllerFor(transport), or mark ${unserved.handler.controller.name} @Public() if it needs no token.`,
    );
  }
}

/**
 * Returns a method of the first server for which there is no controller left, given this number of
 * controllers.
 */
function firstWithoutController(
  count: number,
  requirements: readonly CapabilityRequirement[],
): CapabilityRequirement | undefined {
  const servers = [...new Set(requirements.map(({ server }) => server))];
  return requirements.find(({ server }) => servers.indexOf(server) >= count);
}

function hasScopes({ scopes }: CapabilityRequirement): boolean {
  return scopes.some((scope) => !Array.isArray(scope) || scope.length > 0);
}
