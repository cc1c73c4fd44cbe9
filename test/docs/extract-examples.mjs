// Type-checks the examples in the docs. Each ```ts block of README.md, CHANGELOG.md, docs/ and of lib's doc comments is
// written to build/docs-examples as a module of its own, on the lines it has in its source, and compiled against lib.
// A block that cannot stand as a module says so: ```ts no-check
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '../..');
const output = path.join(root, 'build', 'docs-examples');
const FENCE = /^(?<indent>[ \t]*)```(?<language>\w*)[ \t]*(?<flags>.*?)[ \t]*$/;
const DOC_COMMENT_LINE = /^\s*\*(?!\/) ?(?<text>.*)$/;
const TYPESCRIPT = new Set(['ts', 'typescript']);

const problems = [];

async function sources() {
  const found = ['README.md', 'CHANGELOG.md'];
  for (const [folder, extension] of Object.entries({ docs: '.md', lib: '.ts' })) {
    if (!existsSync(path.join(root, folder))) continue;
    const files = await readdir(path.join(root, folder), { recursive: true });
    found.push(
      ...files.filter((file) => file.endsWith(extension)).map((file) => `${folder}/${file}`),
    );
  }
  return found.filter((file) => existsSync(path.join(root, file))).sort();
}

/** The lines in which to look for blocks; of TypeScript only its doc comments, the other lines left empty. */
function documentLines(file, text) {
  const lines = text.split('\n');
  if (file.endsWith('.md')) return lines;
  return lines.map((line) => DOC_COMMENT_LINE.exec(line)?.groups.text ?? '');
}

/** Every fenced TypeScript block: the line its code begins on (counted from 0), its code, whether it is to be checked. */
function blocksOf(file, lines) {
  const blocks = [];
  let open;
  for (const [index, line] of lines.entries()) {
    const fence = FENCE.exec(line)?.groups;
    if (open === undefined && fence !== undefined) {
      open = { ...fence, file, start: index + 1, code: [] };
    } else if (fence?.language === '' && fence.flags === '') {
      blocks.push({ ...open, isChecked: open.flags !== 'no-check' });
      open = undefined;
    } else {
      open?.code.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trim());
    }
  }
  if (open !== undefined) problems.push(`${file}:${open.start}: a block that is never closed`);
  return blocks.filter((block) => TYPESCRIPT.has(block.language));
}

/** An `@example` without a fence would be shown as prose and escape this check. */
function findUnfencedExamples(file, lines) {
  for (const [index, line] of lines.entries()) {
    if (!/^@example\b/.test(line)) continue;
    const next = lines.slice(index + 1).findIndex((each) => each === '' || /^@|```/.test(each));
    if (next === -1 || !lines[index + 1 + next].includes('```'))
      problems.push(`${file}:${index + 1}: @example without a fenced block`);
  }
}

/** Blank lines put the code where its source has it, so that a diagnostic's line is the author's. */
async function writeModule({ file, start, code }) {
  const module = path.join(output, file.replaceAll(/[/.]/g, '-'), `line-${start + 1}.ts`);
  await mkdir(path.dirname(module), { recursive: true });
  await writeFile(module, `${'\n'.repeat(start)}${code.join('\n')}\n\nexport {};\n`);
  return module;
}

function compile(modules) {
  const configFile = path.join(root, 'tsconfig.json');
  const { options } = ts.getParsedCommandLineOfConfigFile(
    configFile,
    { noEmit: true },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
      },
    },
  );
  return ts.getPreEmitDiagnostics(ts.createProgram([...modules.keys()], options));
}

function describe(diagnostic, modules) {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  if (diagnostic.file === undefined) return message;
  const { line, character } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
  const name = path.normalize(diagnostic.file.fileName);
  const file = modules.get(name)?.file ?? path.relative(root, name);
  return `${file}:${line + 1}:${character + 1}: TS${diagnostic.code}: ${message}`;
}

const blocks = [];
for (const file of await sources()) {
  const lines = documentLines(file, await readFile(path.join(root, file), 'utf8'));
  blocks.push(...blocksOf(file, lines));
  if (file.endsWith('.ts')) findUnfencedExamples(file, lines);
}
const checked = blocks.filter((block) => block.isChecked);

await rm(output, { recursive: true, force: true });
const modules = new Map();
for (const block of checked) modules.set(await writeModule(block), block);
if (modules.size > 0) {
  problems.push(...compile(modules).map((diagnostic) => describe(diagnostic, modules)));
}

const summary = `${checked.length} examples in the docs, ${blocks.length - checked.length} not checked`;
console.log([...problems, `${summary}, ${problems.length} problems`].join('\n'));
process.exitCode = problems.length === 0 ? 0 : 1;
