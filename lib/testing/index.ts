export { BAD_TOKENS, type BadToken } from './bad-tokens.js';
export { createDpopKey, type DpopKey, type ProofOptions } from './dpop-key.js';
export type { IntrospectionClient } from './introspection-client.js';
export { mcpClient, type McpClientOptions } from './mcp-client.js';
export type { McpClient, McpClientV1, McpSdk } from './mcp-sdk.js';
export type { MintOptions } from './minted-claims.js';
export { stubTokens, type StubToken } from './stub-tokens.js';
export {
  createTestAuthorizationServer,
  type TestAuthorizationServer,
  type TestAuthorizationServerOptions,
} from './test-authorization-server.js';
