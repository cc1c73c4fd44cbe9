import type { AuthInfo } from '../auth-info/auth-info.js';
import { grantedScopes } from '../auth-info/granted-scopes.js';

/** The key of the request under which `@rekog/mcp-nest` reads the metadata URL for its own challenges. */
const METADATA_URL = Symbol.for('@rekog/mcp-nest:resource-metadata-url');

/** A request from which `@rekog/mcp-nest` reads the caller. */
interface McpNestRequest {
  user?: unknown;
  [METADATA_URL]?: unknown;
}

/**
 * Passes the caller to `@rekog/mcp-nest`, for its `@ToolScopes` and `@ToolRoles`. `request.user` gets the claims of the
 * token. The scopes of `request.user` are those that our own decorators use, including implied scopes.
 */
export function passCallerToMcpNest(authInfo: AuthInfo, ...requests: object[]): void {
  const scopes = Object.freeze([...grantedScopes(authInfo)]);
  const user = Object.freeze({ ...authInfo.claims, scope: scopes.join(' '), scopes });
  for (const request of requests as McpNestRequest[]) {
    request.user = user;
    request[METADATA_URL] = authInfo.resourceMetadataUrl;
  }
}
