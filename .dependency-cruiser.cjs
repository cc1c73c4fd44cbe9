/** Imports in `lib/` point one way; this file is where the way is written down. */
const layers = [
  'log',
  'errors',
  'async',
  'url',
  'store',
  'handler',
  'scope',
  'challenge',
  'token',
  'claims',
  'metadata',
  'options',
  'dpop',
  'client-certificate',
  'authorization-server',
  'jwt',
  'introspection',
  'protected-resource',
  'auth-info',
  'revocation',
  'authentication',
  'mcp',
  'mcp-nest',
  'access',
  'guard',
  'start-up',
];

/** A layer may import the layers before it, never one after it. */
const upwards = layers.map((layer, index) => ({
  name: `no-upward-import-from-${layer}`,
  severity: 'error',
  from: { path: `^lib/${layer}/` },
  to: {
    path: [
      ...layers.slice(index + 1).map((upper) => `^lib/${upper}/`),
      '^lib/mcp-auth',
      '^lib/index',
    ],
  },
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
    // A subpath of the package: it stands on the contract alone, and only its users load it.
    {
      name: 'redis-knows-the-store-only',
      severity: 'error',
      from: { path: '^lib/redis/' },
      to: { pathNot: '^lib/(redis|store|errors)/' },
    },
    {
      name: 'nobody-loads-redis',
      severity: 'error',
      from: { path: '^lib/(?!redis/)' },
      to: { path: '^lib/redis/' },
    },
    ...upwards,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.build.json' },
  },
};
