// Breaks the library in every small way there is, one at a time, and counts how many of them its tests
// notice: `npm run mutation`, or of some folders of lib/ only, `npm run mutation -- scope challenge`, or of
// some files, `npm run mutation -- authorization-server/backoff`: what is found out is kept once all of a
// folder, or of a file, is done.
import { Stryker } from '@stryker-mutator/core';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { folders } from './folders.mjs';

/** Percent of the mutants that a test must notice. */
const THRESHOLD = 85;

const named = process.argv.slice(2);
const unknown = named.filter((name) => testsOf(name) === undefined);
if (unknown.length > 0) {
  fail(
    `${unknown.join(', ')}: name folders, or files in them, of ${Object.keys(folders).join(', ')}.`,
  );
}

const rows = [];
for (const name of named.length > 0 ? named : Object.keys(folders)) {
  rows.push(row(name, await mutate(name)));
}
const total = sum(rows);
console.table([...rows, total]);
if (total.score < THRESHOLD) {
  fail(`Less than ${THRESHOLD} % of the mutants were noticed.`);
}

function testsOf(name) {
  return folders[name] ?? (existsSync(`lib/${name}.ts`) ? folders[dirname(name)] : undefined);
}

function mutate(name) {
  const testMatch = testsOf(name).map((test) => `<rootDir>/test/${test}.test.ts`);
  return new Stryker({
    mutate: [name in folders ? `lib/${name}/*.ts` : `lib/${name}.ts`],
    jest: {
      enableFindRelatedTests: false,
      config: {
        testMatch,
        testRunner: '<rootDir>/test/mutation/bailing-jest-circus.cjs',
        // Without the search for leaks: a test that fails shows a mutant, and takes a request's time only.
        testEnvironment: 'node',
        setupFiles: ['reflect-metadata', '<rootDir>/test/support/property-tests.ts'],
        // What takes long because the machine is busy is not noticed for that.
        testTimeout: 20_000,
      },
    },
    incrementalFile: `build/mutation/${name.replaceAll('/', '-')}.json`,
  }).runMutationTest();
}

/** A mutant with which nothing loads or starts (`error`), or that runs once only (`ignored`), is not counted. */
function row(name, mutants) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  return scored({
    name,
    killed: count('Killed'),
    timeout: count('Timeout'),
    survived: count('Survived'),
    uncovered: count('NoCoverage'),
    error: count('RuntimeError', 'CompileError'),
    ignored: count('Ignored'),
  });
}

function sum(all) {
  const names = ['killed', 'timeout', 'survived', 'uncovered', 'error', 'ignored'];
  const sums = names.map((name) => [name, all.reduce((most, each) => most + each[name], 0)]);
  return scored({ name: 'all', ...Object.fromEntries(sums) });
}

function scored(counts) {
  const noticed = counts.killed + counts.timeout;
  const mutants = noticed + counts.survived + counts.uncovered;
  return { ...counts, score: mutants === 0 ? 100 : Math.round((noticed / mutants) * 1000) / 10 };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
