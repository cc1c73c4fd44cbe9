import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const PAGE = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));
const MARKED = /(<!-- soak: begin -->\n)[\s\S]*(\n<!-- soak: end -->)/;

/** Writes the result of a full run into docs/reliability.md. */
export async function publish(result: string, minutes: number): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  if (!MARKED.test(page)) {
    throw new Error('docs/reliability.md has no place for the result between its two comments.');
  }
  const date = new Date().toISOString().slice(0, 10);
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${minutes} minutes on ${date}: Node ${process.versions.node}, ${cpus().length} cores, ${memory} GiB, ${type()}. No violation.`;
  const text = page.replace(MARKED, (_, begin, end) => `${begin}\n${machine}\n\n${result}\n${end}`);
  const options = await resolveConfig(PAGE);
  await writeFile(PAGE, await format(text, { ...options, parser: 'markdown' }));
}
