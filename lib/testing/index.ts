export { BAD_TOKENS, type BadToken } from './bad-tokens.js';
export { createDpopKey, type DpopKey, type ProofOptions } from './dpop-key.js';
export type { IntrospectionClient } from './introspection-client.js';
export type { MintOptions } from './minted-claims.js';
export { stubTokens, type StubToken } from './stub-tokens.js';
export {
  createTestAuthorizationServer,
  type TestAuthorizationServer,
  type TestAuthorizationServerOptions,
} from './test-authorization-server.js';
