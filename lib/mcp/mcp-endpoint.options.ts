import type { AuthInfo } from '../auth-info/auth-info.js';
import type { ScopeRequirement } from '../scope/scope-requirement.js';
import type { McpOperation } from './operations/mcp-operation.js';

/**
 * The scopes that an MCP operation needs in addition to those of its endpoint: fixed scopes, `[]` for no scopes, or a
 * function that computes the scopes from the call. The function may read the `arguments` as the client sent them,
 * before the MCP server validates or transforms them.
 */
export type OperationScopes =
  | ScopeRequirement
  | ((
      operation: McpOperation,
      authInfo: AuthInfo | undefined,
    ) => ScopeRequirement | undefined | Promise<ScopeRequirement | undefined>);

/**
 * The form of a rejection for missing scopes: HTTP 403, or a tool result for hosts that read the challenge
 * there.
 *
 * @experimental It may change in any version.
 */
export type StepUpForm = 'http' | 'tool-result';

/** The scopes that each MCP operation of an endpoint needs. */
export interface McpEndpointOptions {
  /**
   * The scopes by tool name. They apply to `tools/call`, and to any other method with that `name` in its
   * `params`, except methods that begin with `prompts/`.
   */
  tools?: Readonly<Record<string, OperationScopes>>;
  /**
   * The scopes by prompt name. They apply to `prompts/get`, to `completion/complete` for the prompt's arguments, and to
   * any other method with that `name` in its `params`, except methods that begin with `tools/`.
   */
  prompts?: Readonly<Record<string, OperationScopes>>;
  /**
   * The scopes by resource URI or URI template (RFC 6570). They apply to every method with a `uri` in its
   * `params`, such as `resources/read`, to subscriptions, and to `completion/complete`. A URI with an entry
   * of its own is not matched with templates. A URI that matches several templates needs the scopes of all
   * of them.
   */
  resources?: Readonly<Record<string, OperationScopes>>;
  /** The scopes by JSON-RPC method. A call needs them in addition to the scopes of its tool, prompt or resource. */
  methods?: Readonly<Record<string, OperationScopes>>;
  /**
   * Set to reject every tool, prompt, resource and method that is not named here, with 403 and no challenge.
   * The calls that the protocol itself needs (`initialize`, the lists, notifications and the like) stay
   * allowed.
   *
   * @defaultValue false: an operation that is not named needs only the scopes of the endpoint
   */
  defaultDeny?: boolean;
  /**
   * The form in which a rejection tells the scopes that a tool call needs. `'http'` answers 403.
   * `'tool-result'` answers 200 with a tool result whose `_meta["mcp/www_authenticate"]` holds the challenge.
   * A function chooses for each request.
   *
   * An anonymous caller of an `@OptionalAuth()` endpoint gets a tool result too, if the tool call needs scopes. All
   * other rejections are answered by HTTP, whatever the form: batches, notifications, prompts, resources, and tokens
   * that are not valid.
   *
   * @defaultValue `'http'`
   *
   * @experimental It may change in any version.
   */
  stepUp?: StepUpForm | ((request: never) => StepUpForm);
  /**
   * Set to leave out of `tools/list`, `prompts/list`, `resources/list` and `resources/templates/list` what the caller's
   * token could not call. The lists in the results of extensions are filtered too. Clients then cannot find out which
   * scopes to request. An entry that needs computed scopes stays in the lists, because its scopes depend on the call.
   *
   * @defaultValue false
   */
  filterLists?: boolean;
}
