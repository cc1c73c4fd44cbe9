import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadTypeScript } from '../../../lib/schematics/typescript.js';

const WITH_PARSER = 'exports.createSourceFile = () => {}; exports.version = ';
const VERSION_7 = 'exports.version = "7.0.2"';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'typescript-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Writes a package, as npm installs it. */
function install(path: string, code: string): void {
  mkdirSync(join(directory, path), { recursive: true });
  writeFileSync(join(directory, path, 'package.json'), '{}');
  writeFileSync(join(directory, path, 'index.js'), code);
}

describe('loadTypeScript', () => {
  it('loads that of the application', () => {
    install('node_modules/typescript', `${WITH_PARSER}"5.9.3"`);
    install('node_modules/@nestjs/cli', '');
    install('node_modules/@nestjs/cli/node_modules/typescript', `${WITH_PARSER}"6.0.2"`);
    expect(loadTypeScript(directory).version).toBe('5.9.3');
  });

  it('loads that of the Nest CLI if that of the application is version 7, without a parser', () => {
    install('node_modules/typescript', VERSION_7);
    install('node_modules/@nestjs/cli', '');
    install('node_modules/@nestjs/cli/node_modules/typescript', `${WITH_PARSER}"6.0.2"`);
    expect(loadTypeScript(directory).version).toBe('6.0.2');
  });

  it.each([
    ['there is none', () => undefined],
    ['there is only version 7', () => install('node_modules/typescript', VERSION_7)],
  ])('fails with a remedy if %s', (_, prepare) => {
    prepare();
    expect(() => loadTypeScript(directory)).toThrow('npm install --save-dev typescript@6');
  });
});
