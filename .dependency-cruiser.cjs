/** Imports in `lib/` point one way; this file is where the way is written down. */
const layers = [
  'errors',
  'options',
  'challenge',
  'scope',
  'authorization-server',
  'protected-resource',
  'auth-info',
  'token',
  'guard',
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
    {
      name: 'no-dev-dependency-in-lib',
      severity: 'error',
      from: { path: '^lib' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown'],
        dependencyTypesNot: ['npm', 'npm-peer'],
      },
    },
    ...upwards,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.build.json' },
    enhancedResolveOptions: { extensionAlias: { '.js': ['.ts', '.js'] } },
  },
};
