import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig([
  globalIgnores([
    'dist',
    'build',
    'bench/build',
    'coverage',
    'test/package/apps',
    'test/strangers/projects',
  ]),
  {
    files: ['**/*.ts', 'sample/todo-manager/console/public/*.js'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './sample/todo-manager/console/public/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Nest modules, DTOs and option classes are classes by the framework's contract.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-empty-object-type': [
        'error',
        { allowInterfaces: 'with-single-extends' },
      ],
      // A method to override names what it is given.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest's own options are classes, and everybody writes them as object literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'max-lines': ['error', { max: 160, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'URL', property: 'canParse' }],
    },
  },
  {
    // A list of names.
    files: ['lib/index.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    // What is logged is escaped in one place.
    files: ['lib/**/*.ts'],
    ignores: ['lib/log/log.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@nestjs/common', importNames: ['Logger'] }] },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      // A table of cases has one signature, whether a case waits for something or not.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  {
    files: ['sample/todo-manager/console/public/*.js'],
    rules: {
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    // Its dependencies are not installed with the root's: it is compiled by `npm run bench`.
    files: ['bench/**/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  prettier,
]);
