import type {
  ArrayLiteralExpression,
  Node,
  NodeArray,
  ObjectLiteralExpression,
  SourceFile,
} from 'typescript';
import { indentationAt, type Layout } from './layout.js';
import { ts } from './typescript.js';

/** A change of a file: the text from `start` to `end` is replaced. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that do not overlap. Those at one position are applied in their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits.toSorted((one, other) => one.start - other.start);
  const ends = [0, ...sorted.map(({ end }) => end)];
  const parts = sorted.map((edit, index) => text.slice(ends[index], edit.start) + edit.text);
  return parts.join('') + text.slice(ends.at(-1));
}

/** Adds an item to the end of an array or an object. A list on one line is spread over several. */
export function appendItem(
  list: ArrayLiteralExpression | ObjectLiteralExpression,
  lines: readonly string[],
  { lineBreak, indent }: Layout,
): Edit[] {
  const { text } = list.getSourceFile();
  const items: NodeArray<Node> = ts.isArrayLiteralExpression(list)
    ? list.elements
    : list.properties;
  const last = items.at(-1);
  const content = text.slice(items.pos, list.end - 1);
  const contentEnd = items.pos + content.trimEnd().length;
  const newLine = lineBreak + indentationAt(text, list.getStart());
  const newItem = newLine + indent;
  return [
    ...(content.includes('\n') ? [] : items.map(({ pos }) => replaceSpace(text, pos, newItem))),
    ...(last && !items.hasTrailingComma ? [insert(last.end, ',')] : []),
    {
      start: contentEnd,
      end: list.end - 1,
      text: `${newItem}${lines.join(newItem)},${newLine}`,
    },
  ];
}

/** Adds an import after the others. */
export function appendImport(
  { text, statements }: SourceFile,
  code: string,
  { lineBreak }: Layout,
): Edit {
  const last = statements.findLast(ts.isImportDeclaration);
  const end = last?.end ?? 0;
  const comments = ts.getTrailingCommentRanges(text, end) ?? [];
  return insert(comments.at(-1)?.end ?? end, lineBreak + code);
}

function replaceSpace(text: string, start: number, replacement: string): Edit {
  const [space = ''] = /^\s*/.exec(text.slice(start)) ?? [];
  return { start, end: start + space.length, text: replacement };
}

const insert = (position: number, text: string): Edit => ({
  start: position,
  end: position,
  text,
});
