// Reads the fenced TypeScript blocks of the README, of docs/ and of lib's doc comments.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const FENCE = /^(?<indent>[ \t]*)```(?<language>\w*)[ \t]*(?<flags>.*?)[ \t]*$/;
const HEADING = /^#{1,6} (?<heading>.+)$/;
const DOC_COMMENT_LINE = /^\s*\*(?!\/) ?(?<text>.*)$/;
const TYPESCRIPT = new Set(['ts', 'typescript']);

/** Returns the files that may hold examples, relative to the root of the repository. */
export async function sources() {
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

/** Returns the lines in which blocks may be; of TypeScript only its doc comments, the other lines left empty. */
export async function documentLines(file) {
  const lines = (await readFile(path.join(root, file), 'utf8')).split('\n');
  if (file.endsWith('.md')) return lines;
  return lines.map((line) => DOC_COMMENT_LINE.exec(line)?.groups.text ?? '');
}

/** Returns every fenced TypeScript block of a file. */
export async function blocksOf(file) {
  return (await fencedBlocksOf(file)).filter((block) => TYPESCRIPT.has(block.language));
}

/**
 * Returns every fenced block of a file: its language, the heading above it, the line that its code begins on (counted
 * from 0), its code, and whether it can be compiled.
 */
export async function fencedBlocksOf(file) {
  const blocks = [];
  let open;
  let heading = '';
  for (const [index, line] of (await documentLines(file)).entries()) {
    const fence = FENCE.exec(line)?.groups;
    if (open === undefined) {
      heading = HEADING.exec(line)?.groups.heading ?? heading;
      if (fence !== undefined) open = { ...fence, file, heading, start: index + 1, code: [] };
    } else if (fence?.language === '' && fence.flags === '') {
      blocks.push({ ...open, isChecked: open.flags !== 'no-check' });
      open = undefined;
    } else {
      open.code.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trim());
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.start}: a block that is never closed`);
  return blocks;
}

/** Returns the text of a block as a module. Blank lines put its code on the lines that its source has it on. */
export function toModule({ start, code }) {
  return `${'\n'.repeat(start)}${code.join('\n')}\n\nexport {};\n`;
}
