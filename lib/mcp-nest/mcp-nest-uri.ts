import {
  ANYTHING,
  ANYTHING_OR_NONE,
  patternMatcher,
  SEGMENT,
  type Wildcard,
} from '../mcp/text-pattern.js';

/** What stands for something else in a pattern of path-to-regexp 8; the first are optional groups. */
const PLACEHOLDER = /(\{.*\}|[:*](?:[\p{ID_Continue}$\u200c\u200d]+|"[^"]*")|\\.)/su;

/**
 * Whether `@rekog/mcp-nest` could take a URI for one of this URI or URI template: it leaves out the
 * scheme, the case, a trailing slash and the query, and reads both as patterns of path-to-regexp. A
 * requirement applied to a URI too many refuses, one too few lets in.
 */
export function mcpNestUriMatcher(uriOrTemplate: string): (uri: string) => boolean {
  const parts = toPattern(withoutScheme(uriOrTemplate))
    .split(PLACEHOLDER)
    .map((part, index) => (index % 2 === 1 ? placeholder(part) : part));
  const matches = patternMatcher(parts);
  const matchesWithSlash = patternMatcher([...parts, '/']);
  return (uri) => {
    const path = withoutScheme(uri);
    const [pathWithoutQuery = ''] = path.split('?');
    const paths = [path, pathWithoutQuery];
    return (
      uri === uriOrTemplate || paths.some((given) => matches(given) || matchesWithSlash(given))
    );
  };
}

/** The part behind the first `://`, up to a second one. */
function withoutScheme(uri: string): string {
  return uri.split('://')[1] ?? uri;
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
