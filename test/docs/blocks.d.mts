/** A fenced block of a page. */
export interface Block {
  file: string;
  language: string;
  /** The heading above the block. */
  heading: string;
  /** The number of the line on which the code begins, counted from 0. */
  start: number;
  code: string[];
  /** `true` if the code is compiled as a module, so that a test can run it. */
  isChecked: boolean;
}

export function blocksOf(file: string): Promise<Block[]>;
export function fencedBlocksOf(file: string): Promise<Block[]>;
export function toModule(block: Block): string;
