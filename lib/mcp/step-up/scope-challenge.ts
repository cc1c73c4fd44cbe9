import type { ScopeHierarchyOptions } from '../../scope/scope-hierarchy.js';

/** The scopes that a client should request, in the form of version 2 of the MCP SDK. */
export interface ScopeChallenge {
  /** The scopes that the operation needs, at least one. */
  scopes: readonly [string, ...string[]];
  /** A message for people. This library does not set it. */
  errorDescription?: string;
}

/** The function that version 2 of the MCP SDK takes as `scopeChallenge` of a tool, a prompt or a resource. */
export type ScopeChallengeHandler = (context: {
  request: { method: string; params?: unknown; id?: unknown };
  authInfo?: { scopes: readonly string[] };
}) => Promise<ScopeChallenge | undefined>;

/** The options of `toScopeChallenge()`. */
export interface ToScopeChallengeOptions {
  /**
   * The narrower scopes that each broad scope implies.
   *
   * @defaultValue the `scopeHierarchy` of the protected resource that accepted the caller's token
   */
  scopeHierarchy?: ScopeHierarchyOptions;
  /**
   * The text that clients put before the name of a scope when they request the scope.
   *
   * @defaultValue the `scopePrefix` of the protected resource that accepted the caller's token; no prefix for a caller
   * without a token
   */
  scopePrefix?: string;
}
