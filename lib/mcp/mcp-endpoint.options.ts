import type { AuthInfo } from '../auth-info/auth-info.js';
import type { ScopeRequirement } from '../scope/scope-requirement.js';
import type { McpOperation } from './operations/mcp-operation.js';

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

/**
 * Where a refusal for want of scopes is told: as HTTP 403, or in a tool result for hosts that read it there.
 *
 * @experimental It may change in any version.
 */
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
   *
   * @experimental It may change in any version.
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
