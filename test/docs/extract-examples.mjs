// Type-checks the examples in the docs. Each ```ts block of README.md, CHANGELOG.md, docs/ and of lib's doc comments is
// written to build/docs-examples as a module of its own, on the lines it has in its source, and compiled against lib.
// A block that cannot stand as a module says so: ```ts no-check
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { blocksOf, documentLines, sources, toModule } from './blocks.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const output = path.join(root, 'build', 'docs-examples');

const problems = [];

/** Adds a problem for each `@example` without a fence, which would be shown as prose and would not be compiled. */
function findUnfencedExamples(file, lines) {
  for (const [index, line] of lines.entries()) {
    if (!/^@example\b/.test(line)) continue;
    const next = lines.slice(index + 1).findIndex((each) => each === '' || /^@|```/.test(each));
    if (next === -1 || !lines[index + 1 + next].includes('```'))
      problems.push(`${file}:${index + 1}: @example without a fenced block`);
  }
}

async function writeModule(block) {
  const folder = path.join(output, block.file.replaceAll(/[/.]/g, '-'));
  const module = path.join(folder, `line-${block.start + 1}.ts`);
  await mkdir(folder, { recursive: true });
  await writeFile(module, toModule(block));
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
  blocks.push(...(await blocksOf(file)));
  if (file.endsWith('.ts')) findUnfencedExamples(file, await documentLines(file));
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
