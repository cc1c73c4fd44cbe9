import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { folders, furtherTests } from './folders.mjs';

const names = Object.keys(folders);

describe('the test list of each folder of lib/', () => {
  it.each(names)('names existing tests: %s', (name) => {
    expect(folders[name]).not.toEqual([]);
    expect(folders[name]?.filter((test) => !existsSync(`test/${test}.test.ts`))).toEqual([]);
  });

  it('names no folder that does not exist', () => {
    expect(Object.keys(furtherTests).filter((name) => !existsSync(`lib/${name}`))).toEqual([]);
  });
});

describe('a unit test', () => {
  const tests = readdirSync('test/unit', { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.test.ts'));

  /** `document.test.ts`, and `document.outages.test.ts`, which is about one side of the file. */
  const tested = (path: string) => {
    const file = path.replace(/\.test\.ts$/, '.ts');
    return [file, file.replace(/\.[\w-]+\.ts$/, '.ts')];
  };

  it('has the path of the file that it tests', () => {
    const astray = tests.filter((path) => !tested(path).some((file) => existsSync(`lib/${file}`)));
    expect(astray).toEqual([]);
  });
});
