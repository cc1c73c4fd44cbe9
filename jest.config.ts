/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^nestjs-mcp-auth$': '<rootDir>/lib/index.ts',
  },
  transform: { '^.+\\.ts$': '@swc/jest' },
  setupFiles: ['reflect-metadata'],
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageProvider: 'v8',
  coverageThreshold: { global: { lines: 95 } },
};

export default config;
