/** A combination; `problem` says why it does not work. */
export interface Cell {
  nest: number;
  modules: string;
  node: number;
  adapter: string;
  problem?: string;
}

/** The last full run of the matrix. */
export interface MatrixResult {
  date: string;
  node: Record<string, string>;
  nest: Record<string, string>;
  cells: Cell[];
}

export const NEST: number[];
export const NODE: number[];
export const ADAPTERS: string[];
export const MODULES: string[];
export function titleOf(cell: Cell): string;
export function withSupportTable(readme: string, result: MatrixResult): string;
export function supportTable(result: MatrixResult): string;
