import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { blocksOf, toModule, type Block } from '../blocks.mjs';

const OUTPUT = path.resolve(import.meta.dirname, '../../../build/docs-run');

/** A page whose examples a test runs. Each example is imported unchanged, as a module. */
export class Page {
  private readonly left: Set<Block>;

  private constructor(
    private readonly file: string,
    private readonly blocks: Block[],
  ) {
    this.left = new Set(blocks);
  }

  static async open(file: string): Promise<Page> {
    const blocks = await blocksOf(file);
    return new Page(
      file,
      blocks.filter(({ isChecked }) => isChecked),
    );
  }

  /** Imports, and so runs, an example under a heading. Returns its exports. */
  async run<Exports>(heading: string, nth = 1): Promise<Exports> {
    const block = this.blocks.filter((each) => each.heading === heading)[nth - 1];
    if (block === undefined) {
      throw new Error(`${this.file} has no example number ${nth} under "${heading}"`);
    }
    this.left.delete(block);
    const folder = path.join(OUTPUT, `${process.pid}`);
    const module = path.join(folder, `${this.file.replaceAll(/\W/g, '-')}-${block.start}.ts`);
    await mkdir(folder, { recursive: true });
    await writeFile(module, toModule(block));
    try {
      return (await import(module)) as Exports;
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /** The headings of the examples that were never imported. */
  get notRun(): string[] {
    return [...this.left].map(({ heading }) => heading);
  }
}
