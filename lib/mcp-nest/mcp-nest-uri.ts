import type { Effort } from '../mcp/operations/effort.js';
import {
  ANYTHING,
  ANYTHING_OR_NONE,
  foldText,
  SEGMENT,
  TextPattern,
  type FoldedText,
  type Wildcard,
} from '../mcp/operations/text-pattern.js';

/** What stands for something else in a pattern of path-to-regexp 8; the first are optional groups. */
const PLACEHOLDER = /(\{.*\}|[:*](?:[\p{ID_Continue}$\u200c\u200d]+|"[^"]*")|\\.)/su;

/** Returns what of a URI `@rekog/mcp-nest` compares: without the scheme, with the query and without. */
export function mcpNestPaths(uri: string): readonly FoldedText[] {
  const path = withoutScheme(uri);
  const query = path.indexOf('?');
  return (query === -1 ? [path] : [path, path.slice(0, query)]).map(foldText);
}

/**
 * A URI or URI template as `@rekog/mcp-nest` takes it: it leaves out the scheme, the case, a trailing slash
 * and the query, and reads both as patterns of path-to-regexp. A requirement applied to a URI too many
 * refuses, one too few lets in.
 */
export class McpNestUri {
  private readonly patterns: readonly TextPattern[];

  constructor(private readonly uriOrTemplate: string) {
    const parts = toPattern(withoutScheme(uriOrTemplate))
      .split(PLACEHOLDER)
      .map((part, index) => (index % 2 === 1 ? placeholder(part) : part));
    this.patterns = [new TextPattern(parts), new TextPattern([...parts, '/'])];
  }

  matches(uri: string, paths: readonly FoldedText[], effort: Effort): boolean {
    return (
      uri === this.uriOrTemplate ||
      paths.some((path) => this.patterns.some((pattern) => pattern.matches(path, effort)))
    );
  }
}

/** The part behind the first `://`, up to a second one. */
function withoutScheme(uri: string): string {
  const scheme = uri.indexOf('://');
  if (scheme === -1) {
    return uri;
  }
  const start = scheme + '://'.length;
  const end = uri.indexOf('://', start);
  return uri.slice(start, end === -1 ? undefined : end);
}

/** As MCP-Nest does it, and not as RFC 6570 has it: `{id}s` becomes a parameter named `ids`. */
function toPattern(template: string): string {
  return template
    .replace(/\{\?[^}]+\}/g, '')
    .replace(/\{(\w+)\*\}/g, '*$1')
    .replace(/\{(\w+)\}/g, ':$1');
}

function placeholder(text: string): Wildcard {
  switch (text[0]) {
    case ':':
      return SEGMENT;
    case '*':
      return ANYTHING;
    default:
      return text.startsWith('{') ? ANYTHING_OR_NONE : ANYTHING;
  }
}
