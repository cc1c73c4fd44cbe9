import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { run } from './run.mjs';

const REQUIRED = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
const BUILT = /^dist\/(.+\.(js|js\.map|d\.ts)|schematics\/.+\.json)$/;

/** Packs the package as `npm publish` would and unpacks it beside the tarball. */
export async function pack(root, directory) {
  await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', directory], {
    cwd: root,
  });
  const name = (await readdir(directory)).find((file) => file.endsWith('.tgz'));
  const tarball = path.join(directory, name);
  const unpacked = path.join(directory, 'unpacked', 'package');
  await mkdir(unpacked, { recursive: true });
  // With this link, the published types find the types of Nest, as in an installation.
  await symlink(path.join(root, 'node_modules'), path.join(directory, 'unpacked', 'node_modules'));
  await run('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
  return { tarball, unpacked };
}

async function filesOf(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

/** Checks that the tarball contains all files that users need, and no other files. */
export async function checkContents({ unpacked }) {
  const files = await filesOf(unpacked);
  const missing = REQUIRED.filter((file) => !files.includes(file));
  const unexpected = files.filter((file) => !REQUIRED.includes(file) && !BUILT.test(file));
  const problems = [
    ...missing.map((file) => `missing: ${file}`),
    ...unexpected.map((file) => `unexpected: ${file}`),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return `${files.length} files`;
}

/** Returns, for each subpath of `exports`, the file with the code and the file with the types. */
export async function entryPoints(unpacked) {
  const manifest = JSON.parse(await readFile(path.join(unpacked, 'package.json'), 'utf8'));
  return Object.entries(manifest.exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([subpath, target]) => ({
      subpath,
      code: path.posix.normalize(target.default),
      types: path.posix.normalize(target.types),
    }));
}

/** Returns the programs that `bin` names. */
async function programs(unpacked) {
  const { bin } = JSON.parse(await readFile(path.join(unpacked, 'package.json'), 'utf8'));
  return Object.values(bin).map((file) => path.posix.normalize(file));
}

/** The files that the collection of `schematics` names, by their paths in the package: what runs, and its flags. */
async function schematics(unpacked) {
  const manifest = JSON.parse(await readFile(path.join(unpacked, 'package.json'), 'utf8'));
  const collection = path.posix.normalize(manifest.schematics);
  const { schematics } = JSON.parse(await readFile(path.join(unpacked, collection), 'utf8'));
  const named = Object.values(schematics).flatMap(({ factory, schema }) => [
    factory.replace(/#.*/, ''),
    schema,
  ]);
  const folder = path.posix.dirname(collection);
  return [collection, ...named.map((file) => path.posix.join(folder, file))];
}

async function relativeImports(unpacked, file) {
  const text = await readFile(path.join(unpacked, file), 'utf8');
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map((imported) => imported.fileName)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => path.posix.join(path.posix.dirname(file), specifier));
}

const stemOf = (file) => file.replace(/\.(d\.ts|js\.map|js)$/, '');

/** Checks that each module is reachable, by its code or by its types. Only types import an interface. */
export async function checkReachability({ unpacked }) {
  const files = (await filesOf(unpacked)).filter((file) => file.startsWith('dist/'));
  const exported = (await entryPoints(unpacked)).flatMap(({ code, types }) => [code, types]);
  const queue = [...exported, ...(await programs(unpacked)), ...(await schematics(unpacked))];
  const seen = new Set();
  while (queue.length > 0) {
    const file = queue.pop();
    if (seen.has(file)) continue;
    if (!files.includes(file)) throw new Error(`${file} is named but not in the tarball`);
    seen.add(file);
    if (file.endsWith('.json')) continue;
    const imported = await relativeImports(unpacked, file);
    queue.push(
      ...(file.endsWith('.d.ts') ? imported.map((target) => `${stemOf(target)}.d.ts`) : imported),
    );
  }
  const reachable = new Set([...seen].map(stemOf));
  const orphans = files.filter((file) => !reachable.has(stemOf(file)));
  if (orphans.length > 0)
    throw new Error(`not reachable from exports, bin or schematics:\n${orphans.join('\n')}`);
  return `${reachable.size} modules`;
}
