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

/** The placeholders in a pattern of path-to-regexp 8. The first alternative is an optional group. */
const PLACEHOLDER = /(\{.*\}|[:*](?:[\p{ID_Continue}$\u200c\u200d]+|"[^"]*")|\\.)/su;

/**
 * Returns the parts of a URI that `@rekog/mcp-nest` compares: the text after the scheme, once with the query and once
 * without it.
 */
export function mcpNestPaths(uri: string): readonly FoldedText[] {
  const path = withoutScheme(uri);
  const query = path.indexOf('?');
  return (query === -1 ? [path] : [path, path.slice(0, query)]).map(foldText);
}

/**
 * A URI or URI template as `@rekog/mcp-nest` matches it. MCP-Nest ignores the scheme, the case, a trailing
 * slash and the query, and reads URIs and templates as patterns of path-to-regexp. If in doubt, this class
 * matches: one requirement too many rejects a call, but one too few lets a call in.
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

/** Returns the part after the first `://`, up to a second one; without a `://`, the whole text. */
function withoutScheme(uri: string): string {
  const scheme = uri.indexOf('://');
  if (scheme === -1) {
    return uri;
  }
  const start = scheme + '://'.length;
  const end = uri.indexOf('://', start);
  return uri.slice(start, end === -1 ? undefined : end);
}

/**
 * Turns a template into a pattern as MCP-Nest does, not as RFC 6570 says: `{id}s` becomes a parameter named
 * `ids`.
 */
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
