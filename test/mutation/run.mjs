// Breaks the library in every small way there is, one at a time, and counts how many of them its tests
// notice: `npm run mutation`, or of some folders of lib/ only, with those in them, `npm run mutation -- scope
// mcp`, or of some files, `npm run mutation -- async/pauses`. What is found out is cached once all of a
// folder, or of a file, is done.
import { Stryker } from '@stryker-mutator/core';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folders } from './folders.mjs';

/** Percent of the mutants that a test must notice. */
const THRESHOLD = 85;

const untested = Object.keys(folders).filter((name) => folders[name].length === 0);
if (untested.length > 0) {
  fail(`${untested.join(', ')}: no tests; name some in test/mutation/folders.mjs.`);
}
const named = process.argv.slice(2);
const unknown = named.filter((name) => meantBy(name).length === 0);
if (unknown.length > 0) {
  fail(
    `${unknown.join(', ')}: name folders, or files in them, of ${Object.keys(folders).join(', ')}.`,
  );
}

const rows = [];
for (const name of named.length > 0 ? named.flatMap(meantBy) : Object.keys(folders)) {
  rows.push(row(name, await mutate(name)));
}
const total = sum(rows);
console.table([...rows, total]);
if (total.score < THRESHOLD) {
  fail(`Less than ${THRESHOLD} % of the mutants were noticed.`);
}

/** Returns the file of a name, or the folder and its sub-folders. */
function meantBy(name) {
  return existsSync(`lib/${name}.ts`)
    ? [name]
    : Object.keys(folders).filter((folder) => `${folder}/`.startsWith(`${name}/`));
}

function mutate(name) {
  const testMatch = (folders[name] ?? folders[dirname(name)]).map(
    (test) => `<rootDir>/test/${test}.test.ts`,
  );
  return new Stryker({
    mutate: [join('lib', name in folders ? `${name}/*.ts` : `${name}.ts`)],
    jest: {
      enableFindRelatedTests: false,
      config: {
        testMatch,
        testRunner: '<rootDir>/test/mutation/bailing-jest-circus.cjs',
        // This environment does not search for leaks, which would take time. A failed test is enough to notice a mutant.
        testEnvironment: 'node',
        setupFiles: ['reflect-metadata', '<rootDir>/test/support/property-tests.ts'],
        // The limit is long, so that a test does not fail for a mutant only because the machine is busy.
        testTimeout: 20_000,
      },
    },
    incrementalFile: `build/mutation/${name === '.' ? 'lib' : name.replaceAll('/', '-')}.json`,
  }).runMutationTest();
}

/** Returns a row of the table. Mutants that break the start (`error`) or are `ignored` do not count for the score. */
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
