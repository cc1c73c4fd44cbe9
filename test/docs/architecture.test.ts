import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';

interface Rule {
  from: { path?: string };
  to: { pathNot?: string };
}

const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  forbidden: Rule[];
};

/** Returns, for each folder of lib/, the folders that it may import by the rules of the linter. */
function checked(): Map<string, string[]> {
  return new Map(
    forbidden.flatMap(({ from, to }) => {
      const [, room] = /^\^lib\/([a-z-]+)\/$/.exec(from.path ?? '') ?? [];
      const [, allowed] = /^\^lib\/\(\?:(.*)\)\/$/.exec(to.pathNot ?? '') ?? [];
      const others = (allowed ?? '').split('|').filter((name) => name !== room);
      return room === undefined || allowed === undefined ? [] : [[room, others.sort()] as const];
    }),
  );
}

/** Returns, for each folder of lib/, the folders that it may import by the table of ARCHITECTURE.md. */
function documented(): Map<string, string[]> {
  const rows = readFileSync('ARCHITECTURE.md', 'utf8').matchAll(
    /^\| `([a-z-]+)\/`.*\|([^|]+)\|$/gm,
  );
  return new Map(
    [...rows].map(([, room = '', imports = '']) => [
      room,
      [...imports.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => name).sort(),
    ]),
  );
}

describe('the folders that ARCHITECTURE.md describes', () => {
  it('are the folders of lib/', () => {
    const folders = readdirSync('lib', { withFileTypes: true }).filter((one) => one.isDirectory());
    expect([...documented().keys()].sort()).toEqual(folders.map(({ name }) => name).sort());
  });

  it('may import the folders that the dependency rules allow', () => {
    expect(Object.fromEntries(documented())).toEqual(Object.fromEntries(checked()));
  });
});
