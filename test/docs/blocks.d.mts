/** A fenced block of a page. */
export interface Block {
  file: string;
  language: string;
  /** The heading above it. */
  heading: string;
  /** The line that its code begins on, counted from 0. */
  start: number;
  code: string[];
  /** Whether it can be compiled, and so run. */
  isChecked: boolean;
}

export function blocksOf(file: string): Promise<Block[]>;
export function fencedBlocksOf(file: string): Promise<Block[]>;
export function toModule(block: Block): string;
