import { ANYTHING_OR_NONE, patternMatcher, SEGMENT, type Wildcard } from './text-pattern.js';
import { parseUrl } from '../url/parse-url.js';

const EXAMPLE = 'nestjs-mcp-auth-example';

/** The forms of one URI under which an MCP server may look a resource up: as sent, and normalized. */
export function uriForms(uri: string): string[] {
  return [...new Set([uri, parseUrl(uri)?.href ?? uri])];
}

/** A URI of a template's, such that no application has a resource under it. */
export function exampleUri(template: string): string {
  return template.replace(/\{([+#./;?&]?)[^{}]*\}/g, (_, operator: string) =>
    /[?&;]/.test(operator) ? '' : `${operator.replace('+', '')}${EXAMPLE}`,
  );
}

/**
 * Whether a URI is one of a template's (RFC 6570), as the MCP SDKs match them or more generously: a
 * requirement applied to a URI too many refuses, one too few lets in. The template itself is one: it is
 * what a completion names.
 */
export function uriTemplateMatcher(template: string): (uri: string) => boolean {
  const parts = template.split(/(\{[^{}]*\})/);
  const matches = patternMatcher(
    parts.map((part) => (part.startsWith('{') ? wildcardOf(part) : part)),
  );
  return (uri) => uri === template || matches(uri);
}

/** A simple expression, which the SDKs match within a segment; the others match what they may. */
function wildcardOf(expression: string): Wildcard {
  return /^\{[+#/.;?&]/.test(expression) ? ANYTHING_OR_NONE : SEGMENT;
}
