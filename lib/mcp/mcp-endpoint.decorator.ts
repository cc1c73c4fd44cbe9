import type { Type } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { decorateWith, methodMetadata } from '../handler/handler-metadata.js';
import { lineage } from '../handler/lineage.js';
import { didYouMean } from '../options/validation/did-you-mean.js';
import { requirementProblem, type ScopeRequirement } from '../scope/scope-requirement.js';
import type { McpOperation, McpOperationKind } from './mcp-operation.js';

const MCP_ENDPOINT = Symbol.for('nestjs-mcp-auth:mcp-endpoint');

/**
 * Which scopes an MCP operation needs besides those of its endpoint: fixed, `[]` for none, or computed
 * from the call, for example from its `arguments`: as the client sent them, before the MCP server
 * validates or transforms them.
 */
export type OperationScopes =
  | ScopeRequirement
  | ((
      operation: McpOperation,
      authInfo: AuthInfo | undefined,
    ) => ScopeRequirement | undefined | Promise<ScopeRequirement | undefined>);

/** Where a refusal for want of scopes is told: as HTTP 403, or in a tool result for hosts that read it there. */
export type StepUpForm = 'http' | 'tool-result';

/** Which scopes which MCP operation of an endpoint needs. */
export interface McpEndpointOptions {
  /** By tool name: for `tools/call`, and for any other method with that `name` in its `params`. */
  tools?: Readonly<Record<string, OperationScopes>>;
  /** By prompt name: for `prompts/get`, for `completion/complete` of its arguments, and likewise. */
  prompts?: Readonly<Record<string, OperationScopes>>;
  /**
   * By resource URI or URI template (RFC 6570): for every method with a `uri` in its `params`, such as
   * `resources/read`, for subscriptions, and for `completion/complete`. A URI that is named itself is not matched with templates; one that matches
   * several templates needs what all of them need.
   */
  resources?: Readonly<Record<string, OperationScopes>>;
  /** By JSON-RPC method, in addition to the above. */
  methods?: Readonly<Record<string, OperationScopes>>;
  /**
   * Refuses, with 403 and no challenge, every tool, prompt, resource and method that is not named here.
   * What the protocol itself needs (`initialize`, the lists, notifications and the like) is let through.
   *
   * @defaultValue false: what is not named needs what the endpoint itself needs
   */
  defaultDeny?: boolean;
  /**
   * Where a refused tool call learns which scopes it needs: by HTTP 403, or, with 200, in a tool
   * result whose `_meta["mcp/www_authenticate"]` holds the challenge. A function chooses per request.
   *
   * A tool result also answers the anonymous caller of an `@OptionalAuth()` endpoint. Everything but a
   * single `tools/call` that lacks scopes is answered by HTTP whatever the form: batches, notifications,
   * prompts, resources, and a token that is not valid.
   *
   * @defaultValue `'http'`
   */
  stepUp?: StepUpForm | ((request: never) => StepUpForm);
  /**
   * Leaves out of `tools/list`, `prompts/list`, `resources/list` and `resources/templates/list` what the
   * caller's token could not call. Clients then cannot find out what to step up for. What takes computed
   * scopes stays in: they depend on the call.
   *
   * @defaultValue false
   */
  filterLists?: boolean;
}

const OPERATIONS: readonly McpOperationKind[] = ['tools', 'prompts', 'resources', 'methods'];
const OPTIONS = [...OPERATIONS, 'defaultDeny', 'stepUp', 'filterLists'];

/**
 * This handler takes JSON-RPC: the guard reads from the parsed body which MCP operations a request
 * carries, whatever its `Mcp-Method` and `Mcp-Name` headers say, and asks for the scopes of each, in
 * addition to what `@RequireScopes()` asks for. A batch needs what all of its calls need.
 *
 * A refusal is 403 `insufficient_scope` with all scopes that the request needs, so that the client can
 * step up in one round (MCP authorization, "Scope Challenge Handling"). A body that is not JSON-RPC, or
 * that the application does not parse, is refused with 400.
 *
 * @throws McpAuthConfigurationError at decoration, for an unknown option or a malformed requirement
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

/** What a handler was decorated with: the method itself, or the nearest of those that it overrides. */
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
