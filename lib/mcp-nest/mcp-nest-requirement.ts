import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { OperationScopes } from '../mcp/mcp-endpoint.options.js';
import { serverOf, type McpNestCapability } from './mcp-nest-capability.js';
import type { NamedOperation } from '../mcp/mcp-endpoint.js';
import type { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { classAccess, methodAccess } from '../decorators/access.decorator.js';
import { knownResource } from '../policy/access-policy.js';
import { classConditions, methodConditions } from '../decorators/condition.js';
import { nameOf, type Handler } from '../handler/handler.js';
import { addUp, classScopes, methodScopes } from '../decorators/require-scopes.decorator.js';
import { declaredResource } from '../decorators/resource.decorator.js';

/** A method that `@rekog/mcp-nest` serves, with the requirements of our decorators on it and on its class. */
export interface CapabilityRequirement extends NamedOperation {
  readonly handler: Handler;
  /** The MCP server that the method belongs to. The default server has no name. */
  readonly server: string | undefined;
  /** The resource that the method belongs to, if it or its class has `@Resource()`. */
  readonly resource: string | undefined;
  /** `true` for `@Public()` on the class: the method may be served without a token, for example over stdio. */
  readonly isPublic: boolean;
}

/** @throws McpAuthConfigurationError naming the method, if MCP-Nest cannot enforce one of its decorators */
export function requirementOf(
  { controller, method, kind, name }: McpNestCapability,
  resources: ProtectedResourceRegistry,
): CapabilityRequirement {
  const handler = { controller, method };
  const { fixed, computed } = addUp(classScopes(controller), methodScopes(controller, method));
  const isPublic = classAccess(controller) === 'public';
  if (methodAccess(controller, method) !== undefined || classAccess(controller) === 'optional') {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is served by MCP-Nest: its HTTP controller decides if callers without a token are let in; remove the decorator, or put @OptionalAuth() on that controller instead.`,
    );
  }
  const [condition] = [...classConditions(controller), ...methodConditions(controller, method)];
  if (condition !== undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is served by MCP-Nest and has ${condition.decorator}: conditions apply to a whole request; put the decorator on the HTTP controller.`,
    );
  }
  if (isPublic && fixed.length + computed.length > 0) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is @Public() and yet @RequireScopes(); remove one of the two decorators.`,
    );
  }
  const declared = declaredResource(controller, method);
  return {
    handler,
    kind,
    name,
    isPublic,
    // Never empty: an empty list would mean that the operation is not named, and `defaultDeny` rejects such
    // operations.
    scopes: [fixed, ...(computed as readonly OperationScopes[])],
    server: serverOf(controller),
    resource: declared && knownResource(declared, handler, resources).resource,
  };
}
