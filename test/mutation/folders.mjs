import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * The tests of a folder of `lib/` beside its own unit tests: enough to notice its mutants, and few enough to
 * run for each. They are those of its sub-folders, too, unless a sub-folder has a line of its own.
 */
export const furtherTests = {
  '.': ['e2e/missing-module', 'e2e/start-up'],
  async: ['e2e/callback-deadline', 'e2e/issuer-resolver', 'e2e/jwk-set-moves'],
  'auth-info': ['e2e/auth-info', 'e2e/caller-behind-queue', 'e2e/entry-points', 'e2e/lost-context'],
  'authorization-server': [
    'e2e/authorization-server-failures',
    'e2e/authorization-server-keys',
    'e2e/authorization-server-lifetime',
    'e2e/authorization-server-network',
    'e2e/discovery',
    'e2e/jwk-set-moves',
  ],
  cache: [
    'unit/async/resolutions',
    'unit/authorization-server/fetching/host-lookup',
    'unit/authorization-server/fetching/remote-document',
    'unit/store/memory-state-store',
    'e2e/token-cache',
  ],
  challenge: ['e2e/answers', 'e2e/dpop', 'e2e/rejections', 'e2e/rejection-log'],
  decorators: ['e2e/conditions', 'e2e/decorator-precedence', 'e2e/decorators', 'e2e/scopes'],
  doctor: [
    'e2e/check-command',
    'e2e/doctor-broken-servers',
    'e2e/doctor-command',
    'e2e/doctor-servers',
    'e2e/doctor-token',
  ],
  'dev-server': ['e2e/dev-server', 'e2e/dev-server-command', 'e2e/mcp-flow'],
  errors: ['e2e/answers', 'e2e/authorization-server-failures', 'e2e/start-up'],
  events: ['e2e/events'],
  guard: [
    'fuzz/credentials',
    'e2e/answers',
    'e2e/auth-info',
    'e2e/client-certificate',
    'e2e/conditions',
    'e2e/decorators',
    'e2e/dpop',
    'e2e/dpop-transports',
    'e2e/events',
    'e2e/graphql',
    'e2e/lost-context',
    'e2e/mcp-nest',
    'e2e/proxy-assertion',
    'e2e/mcp-scopes',
    'e2e/mcp-session',
    'e2e/rejections',
    'e2e/rpc',
    'e2e/scopes',
    'e2e/step-up',
    'e2e/tenants',
    'e2e/token-verifier',
  ],
  handler: [
    'e2e/decorator-precedence',
    'e2e/decorators',
    'e2e/graphql',
    'e2e/graphql-root-types',
    'e2e/missing-module',
  ],
  log: ['e2e/authorization-server-failures', 'e2e/rejection-log'],
  mcp: [
    'fuzz/mcp-operations',
    'fuzz/origin',
    'fuzz/uri-template',
    'e2e/mcp-malformed',
    'e2e/mcp-scopes',
    'e2e/mcp-siblings',
  ],
  'mcp/lists': ['fuzz/rewriter', 'e2e/filter-lists'],
  'mcp/session': ['e2e/mcp-session'],
  'mcp/step-up': ['e2e/scope-challenge', 'e2e/step-up', 'e2e/step-up-tool-result'],
  'mcp/warnings': ['e2e/mcp-warnings'],
  'mcp-nest': ['unit/mcp/mcp-endpoint.bounds', 'e2e/filter-lists', 'e2e/mcp-nest'],
  metadata: ['e2e/discovery', 'e2e/protected-resource-metadata'],
  options: [
    'fuzz/options',
    'e2e/introspection-start-up',
    'e2e/start-up',
    'e2e/start-up-remedies',
    'e2e/tenant-options',
  ],
  opentelemetry: ['e2e/opentelemetry'],
  policy: [
    'e2e/conditions',
    'e2e/decorator-precedence',
    'e2e/decorators',
    'e2e/mcp-scopes',
    'e2e/mcp-siblings',
    'e2e/scopes',
    'e2e/unguarded',
  ],
  possession: ['e2e/client-certificate', 'e2e/dpop', 'e2e/dpop-transports'],
  'possession/client-certificate': [
    'fuzz/client-certificate',
    'e2e/client-certificate',
    'e2e/client-certificate-headers',
  ],
  'possession/dpop': ['e2e/dpop', 'e2e/dpop-proofs', 'e2e/dpop-transports'],
  'protected-resource': ['e2e/protected-resource-metadata', 'e2e/start-up'],
  'protected-resource/documents': ['e2e/protected-resource-metadata', 'e2e/tenant-documents'],
  'protected-resource/tenants': [
    'fuzz/tenants',
    'e2e/tenant-documents',
    'e2e/tenant-lookup',
    'e2e/tenant-options',
    'e2e/tenants',
  ],
  redis: ['e2e/redis'],
  scope: ['e2e/scopes'],
  'start-up': ['e2e/describe-policies', 'e2e/entry-points', 'e2e/guard-false', 'e2e/unguarded'],
  store: ['e2e/dpop', 'e2e/revocation'],
  testing: ['e2e/testing-kit-authorization-server', 'e2e/testing-kit-stub-tokens'],
  swagger: ['e2e/swagger'],
  terminus: ['e2e/terminus'],
  token: ['fuzz/claims', 'e2e/claims', 'e2e/token-grammar', 'e2e/token-verifier', 'e2e/tokens'],
  transport: ['e2e/graphql', 'e2e/http2', 'e2e/rpc', 'e2e/websocket', 'e2e/websocket-connection'],
  url: [
    'fuzz/tenant-collisions',
    'fuzz/urls',
    'e2e/protected-resource-metadata',
    'e2e/start-up',
    'e2e/tenants',
  ],
  verification: [
    'e2e/discovery',
    'e2e/token-cache',
    'e2e/token-verifier',
    'e2e/tokens',
    'e2e/verifier-list',
  ],
  'verification/introspection': [
    'e2e/introspection',
    'e2e/introspection-cache',
    'e2e/introspection-endpoint',
    'e2e/introspection-start-up',
  ],
  'verification/jwt': [
    'e2e/authorization-server-keys',
    'e2e/claims',
    'e2e/token-cache',
    'e2e/tokens',
  ],
  'verification/revocation': ['e2e/log-out', 'e2e/revocation'],
};

/** Every folder with files of `lib/`, by its path there (`.` for `lib/` itself), with its tests. */
export const folders = Object.fromEntries(
  foldersWith('.ts', 'lib').map((folder) => [folder, testsOf(folder)]),
);

function testsOf(folder) {
  const own = existsSync(`test/unit/${folder}`)
    ? filesIn(`test/unit/${folder}`, '.test.ts').map((name) => `unit/${folder}/${name}`)
    : [];
  return [...new Set([...own, ...furtherTestsOf(folder)])];
}

function furtherTestsOf(folder) {
  return furtherTests[folder] ?? (folder === '.' ? [] : inherited(dirname(folder)));
}

function inherited(folder) {
  return folder === '.' ? [] : furtherTestsOf(folder);
}

function foldersWith(ending, root) {
  const paths = readdirSync(root, { recursive: true }).filter((path) => path.endsWith(ending));
  return [...new Set(paths.map((path) => dirname(path)))].sort();
}

function filesIn(folder, ending) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => basename(name, ending))
    .sort();
}
