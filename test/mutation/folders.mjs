/** The tests that concern a folder of `lib/`: enough to kill its mutants, and few enough to run for each. */
export const folders = {
  scope: ['unit/pure', 'unit/scope-requirement', 'e2e/scopes'],
  challenge: ['unit/www-authenticate', 'e2e/answers', 'e2e/token-verifier'],
  'authorization-server': [
    'unit/backoff',
    'unit/document-lifetime',
    'unit/jwk-set.service',
    'unit/remote-document',
    'unit/urls',
    'unit/validate-server-config',
    'e2e/authorization-server-failures',
    'e2e/authorization-server-keys',
    'e2e/authorization-server-lifetime',
    'e2e/authorization-server-network',
    'e2e/discovery',
  ],
  token: ['e2e/token-verifier', 'e2e/tokens'],
  claims: ['e2e/token-verifier', 'e2e/tokens'],
  jwt: ['e2e/authorization-server-keys', 'e2e/token-cache', 'e2e/tokens'],
  authentication: ['e2e/discovery', 'e2e/token-cache', 'e2e/token-verifier', 'e2e/tokens'],
  guard: ['unit/pure', 'e2e/answers', 'e2e/decorators', 'e2e/scopes'],
};
