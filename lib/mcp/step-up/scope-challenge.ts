import type { ScopeHierarchyOptions } from '../../scope/scope-hierarchy.js';

/** The scopes that a client is to ask for, as version 2 of the MCP SDK takes them. */
export interface ScopeChallenge {
  /** All that the operation needs, at least one. */
  scopes: readonly [string, ...string[]];
  /** For people; this library leaves it to the SDK. */
  errorDescription?: string;
}

/** What version 2 of the MCP SDK takes as `scopeChallenge` of a tool, a prompt or a resource. */
export type ScopeChallengeHandler = (context: {
  request: { method: string; params?: unknown; id?: unknown };
  authInfo?: { scopes: readonly string[] };
}) => Promise<ScopeChallenge | undefined>;

/** Where the scope hierarchy comes from. */
export interface ToScopeChallengeOptions {
  /**
   * Which narrower scopes a broad one implies.
   *
   * @defaultValue the `scopeHierarchy` of the protected resource that accepted the caller's token
   */
  scopeHierarchy?: ScopeHierarchyOptions;
}
