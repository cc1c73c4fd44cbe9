/** @jest-config-loader esbuild-register */
import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

/** Tests that `npm test` leaves out, with the value of `TIER` that includes them. */
const TIERS = {
  attacks: '/test/(security|fuzz)/',
  browser: '/test/browser/',
  deployments: '/test/deployments/',
};

const config: Config = {
  testEnvironment: '<rootDir>/test/support/leaks/test-environment.ts',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    ...Object.entries(TIERS).flatMap(([tier, path]) => (tier === process.env.TIER ? [] : path)),
  ],
  // Many tests wait for a deadline: one more worker than cores uses the time.
  maxWorkers: availableParallelism() + 1,
  // A machine that is busy with other things is no failure.
  testTimeout: 30_000,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^nestjs-mcp-auth$': '<rootDir>/lib/index.ts',
    '^nestjs-mcp-auth/(dev-server|opentelemetry|redis|swagger|terminus|testing)$':
      '<rootDir>/lib/$1/index.ts',
    // CommonJS that requires Nest 12, which Jest on Node 20 cannot do: taken from its sources.
    '^@rekog/mcp-nest$': '<rootDir>/node_modules/@rekog/mcp-nest/src/index.ts',
  },
  transformIgnorePatterns: ['/node_modules/(?!@rekog/mcp-nest/)'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  setupFiles: [
    'reflect-metadata',
    '<rootDir>/test/support/property-tests.ts',
    '<rootDir>/test/support/leaks/detect-leaks.ts',
  ],
  // CI runs the tests once.
  collectCoverage: process.env.CI === 'true',
  collectCoverageFrom: ['lib/**/*.ts'],
  // Instruments `lib` only; V8's own slows down whatever the tests load.
  coverageProvider: 'babel',
  coverageThreshold: { global: { lines: 95 } },
};

export default config;
