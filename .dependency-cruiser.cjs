/**
 * The rooms of `lib/`, each with those that it may import. ARCHITECTURE.md says what is in them, and a test
 * compares the two. There is no circle: a room comes after all that it imports.
 */
const rooms = {
  errors: [],
  log: ['errors'],
  async: ['errors'],
  url: [],
  metadata: [],
  store: ['errors', 'log'],
  scope: [],
  token: ['errors'],
  options: ['errors', 'url', 'metadata', 'store', 'scope', 'token'],
  handler: ['errors'],
  'auth-info': ['errors', 'scope', 'token', 'handler'],
  challenge: ['errors', 'log', 'token'],
  transport: ['errors', 'handler', 'auth-info', 'challenge'],
  mcp: ['errors', 'log', 'async', 'url', 'scope', 'options', 'auth-info', 'challenge'],
  decorators: ['errors', 'url', 'scope', 'token', 'options', 'handler', 'auth-info', 'mcp'],
  'authorization-server': ['errors', 'log', 'async', 'url', 'metadata', 'token', 'options'],
  possession: ['errors', 'log', 'url', 'store', 'options', 'auth-info'],
  'protected-resource': [
    'errors',
    'log',
    'async',
    'url',
    'metadata',
    'scope',
    'token',
    'options',
    'authorization-server',
    'possession',
  ],
  verification: [
    'errors',
    'log',
    'async',
    'url',
    'store',
    'token',
    'options',
    'auth-info',
    'authorization-server',
    'protected-resource',
  ],
  policy: ['errors', 'scope', 'handler', 'challenge', 'mcp', 'decorators', 'protected-resource'],
  'mcp-nest': [
    'errors',
    'handler',
    'auth-info',
    'mcp',
    'decorators',
    'protected-resource',
    'policy',
  ],
  guard: [
    'errors',
    'log',
    'async',
    'url',
    'scope',
    'token',
    'handler',
    'auth-info',
    'challenge',
    'transport',
    'mcp',
    'decorators',
    'possession',
    'protected-resource',
    'verification',
    'policy',
  ],
  'start-up': ['errors', 'log', 'scope', 'handler', 'mcp', 'decorators', 'policy', 'guard'],
  redis: ['errors', 'store'],
};

const neverAbove = Object.entries(rooms).map(([room, below]) => ({
  name: `${room}-imports-its-neighbours-only`,
  severity: 'error',
  from: { path: `^lib/${room}/` },
  to: { path: '^lib/', pathNot: `^lib/(?:${[room, ...below].join('|')})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphan', severity: 'error', from: { orphan: true, path: '^lib' }, to: {} },
    {
      name: 'no-undeclared-dependency',
      severity: 'error',
      from: { path: '^lib' },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        // An optional peer is of the type "npm-no-pkg" too.
        dependencyTypesNot: ['npm-peer'],
      },
    },
    {
      name: 'optional-peer-only-on-demand',
      severity: 'error',
      from: { path: '^lib' },
      to: {
        path: 'node_modules/@nestjs/(websockets|microservices|graphql)/',
        dependencyTypesNot: ['dynamic-import'],
      },
    },
    // A subpath of the package, which only its users load.
    {
      name: 'nobody-loads-redis',
      severity: 'error',
      from: { path: '^lib/(?!redis/)' },
      to: { path: '^lib/redis/' },
    },
    ...neverAbove,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.build.json' },
  },
};
