import type { Type } from '@nestjs/common';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { decorateWith, methodMetadata } from '../handler/handler-metadata.js';
import { lineage } from '../handler/lineage.js';
import { didYouMean } from '../options/validation/did-you-mean.js';
import type { McpEndpointOptions } from '../mcp/mcp-endpoint.options.js';
import type { McpOperationKind } from '../mcp/operations/mcp-operation.js';
import { requirementProblem } from '../scope/scope-requirement.js';

const MCP_ENDPOINT = Symbol.for('nestjs-mcp-auth:mcp-endpoint');

const OPERATIONS: readonly McpOperationKind[] = ['tools', 'prompts', 'resources', 'methods'];
const OPTIONS = [...OPERATIONS, 'defaultDeny', 'stepUp', 'filterLists'];

/**
 * Marks a handler that receives JSON-RPC. The guard reads the MCP operations of a request from the parsed
 * body, and ignores the `Mcp-Method` and `Mcp-Name` headers. It requires the scopes of each operation, in
 * addition to the scopes of `@RequireScopes()`. A batch requires the scopes of all its calls.
 *
 * If a token lacks scopes, the guard answers 403 `insufficient_scope` with all scopes that the request
 * requires, or a tool result (`stepUp`). The client can then step up in one round (MCP authorization, "Scope
 * Challenge Handling"). The guard answers 400 to a body that is not JSON-RPC, or that the application does
 * not parse.
 *
 * @throws McpAuthConfigurationError at decoration, for an unknown option or a malformed requirement, or on a
 * member that Nest never calls
 *
 * @example
 * ```ts
 * import { All, Controller } from '@nestjs/common';
 * import { McpEndpoint } from 'nestjs-mcp-auth';
 *
 * @Controller('mcp')
 * export class McpController {
 *   @All()
 *   @McpEndpoint({
 *     tools: {
 *       'create-todo': 'create:todos',
 *       'delete-todo': { anyOf: ['delete:todos', 'admin'] },
 *     },
 *     resources: { 'todo://{id}': 'read:todos' },
 *   })
 *   handle() {}
 * }
 * ```
 */
export function McpEndpoint(options: McpEndpointOptions = {}): MethodDecorator {
  assertOptions(options);
  return decorateWith(MCP_ENDPOINT, () => options);
}

/** Returns the options of a handler, from the method itself or from the nearest method that it overrides. */
export function declaredMcpEndpoint(
  controller: Type,
  method: string,
): McpEndpointOptions | undefined {
  return lineage(controller)
    .flatMap(({ prototype }) => methodMetadata(MCP_ENDPOINT, prototype as object, method))
    .at(-1) as McpEndpointOptions | undefined;
}

function assertOptions(options: McpEndpointOptions): void {
  for (const key of Object.keys(options)) {
    if (!OPTIONS.includes(key)) {
      const meant = didYouMean(key, OPTIONS) ?? OPTIONS.join(', ');
      throw new McpAuthConfigurationError(
        `@McpEndpoint(): "${key}" is not an option; did you mean ${meant}?`,
      );
    }
  }
  for (const kind of OPERATIONS) {
    for (const [name, scopes] of Object.entries(options[kind] ?? {})) {
      assertScopes(`${kind}["${name}"]`, scopes);
    }
  }
  const { stepUp = 'http', defaultDeny = false, filterLists = false } = options;
  assertForm('stepUp', stepUp, isStepUp(stepUp), "'http', 'tool-result', or a function");
  assertForm('defaultDeny', defaultDeny, typeof defaultDeny === 'boolean', 'true or false');
  assertForm('filterLists', filterLists, typeof filterLists === 'boolean', 'true or false');
}

function isStepUp(value: unknown): boolean {
  return value === 'http' || value === 'tool-result' || typeof value === 'function';
}

function assertForm(option: string, value: unknown, isRight: boolean, forms: string): void {
  if (!isRight) {
    throw new McpAuthConfigurationError(
      `@McpEndpoint(): ${option} must be ${forms} (given: ${JSON.stringify(value)}).`,
    );
  }
}

function assertScopes(path: string, scopes: unknown): void {
  const isNone = Array.isArray(scopes) && scopes.length === 0;
  const problem = isNone || typeof scopes === 'function' ? undefined : requirementProblem(scopes);
  if (problem !== undefined) {
    throw new McpAuthConfigurationError(
      `@McpEndpoint(): ${path} ${problem} (given: ${JSON.stringify(scopes)}).`,
    );
  }
}
