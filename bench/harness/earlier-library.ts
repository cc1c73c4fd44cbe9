import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bench = fileURLToPath(new URL('..', import.meta.url));

/** The library of an earlier commit, with a copy of the bench next to it. */
export interface EarlierLibrary {
  commit: string;
  build: URL;
}

/**
 * Builds the library of a commit with the dependencies that are installed now, and copies this bench next to
 * it. The copy imports the library of that commit, because a package can import itself by its name.
 *
 * @param ref - a commit, tag or branch
 */
export function buildEarlier(ref: string): EarlierLibrary {
  const commit = git('rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`)
    .toString()
    .trim();
  const folder = join(root, 'build/earlier', commit);
  if (!existsSync(join(folder, 'dist/index.js'))) {
    mkdirSync(folder, { recursive: true });
    const files = ['lib', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
    execFileSync('tar', ['-x', '-C', folder], { input: git('archive', commit, ...files) });
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const project = join(folder, 'tsconfig.build.json');
    execFileSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
  }
  for (const part of ['contenders', 'harness']) {
    cpSync(join(bench, part), join(folder, 'bench', part), { recursive: true });
  }
  return { commit, build: pathToFileURL(join(folder, 'bench/')) };
}

function git(...args: string[]): Buffer {
  return execFileSync('git', args, { cwd: root, maxBuffer: 2 ** 30 });
}
