import type { AuthInfo } from '../auth-info/auth-info.js';
import { grantedScopes } from '../auth-info/granted-scopes.js';

/** Where `@rekog/mcp-nest` looks for the address that its own challenges name. */
const METADATA_URL = Symbol.for('@rekog/mcp-nest:resource-metadata-url');

/** A request on which `@rekog/mcp-nest` looks for who is calling. */
interface McpNestRequest {
  user?: unknown;
  [METADATA_URL]?: unknown;
}

/**
 * Tells `@rekog/mcp-nest` who is calling, as its `@ToolScopes` and `@ToolRoles` read it: `request.user`
 * holds the token's claims, and as its scopes those that our own decorators go by, the implied ones too.
 */
export function passCallerToMcpNest(authInfo: AuthInfo, ...requests: object[]): void {
  const scopes = Object.freeze([...grantedScopes(authInfo)]);
  const user = Object.freeze({ ...authInfo.claims, scope: scopes.join(' '), scopes });
  for (const request of requests as McpNestRequest[]) {
    request.user = user;
    request[METADATA_URL] = authInfo.resourceMetadataUrl;
  }
}
