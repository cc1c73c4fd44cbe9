import type { SourceFile } from 'typescript';
import { ts } from './typescript.js';

/** The style of the code of a file. */
export interface Layout {
  readonly lineBreak: string;
  /** One level of indentation. */
  readonly indent: string;
  readonly quote: string;
  /** The end of a statement: a semicolon, or nothing. */
  readonly semicolon: string;
}

/** The layout of new Nest applications. */
export const NEST_LAYOUT: Layout = { lineBreak: '\n', indent: '  ', quote: "'", semicolon: ';' };

/** Reads the layout of a file from its line breaks, its first indented line and its first import. */
export function layoutOf({ text, statements }: SourceFile): Layout {
  const imported = statements.find(ts.isImportDeclaration);
  return {
    lineBreak: text.includes('\r\n') ? '\r\n' : '\n',
    indent: /^(?:\t| {2,8})(?=\S)/m.exec(text)?.[0] ?? '  ',
    quote: imported?.moduleSpecifier.getText()[0] ?? "'",
    semicolon: imported?.getText().endsWith(';') === false ? '' : ';',
  };
}

/** Returns the indentation of the line with a position. */
export function indentationAt(text: string, position: number): string {
  const line = text.slice(text.lastIndexOf('\n', position - 1) + 1);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
