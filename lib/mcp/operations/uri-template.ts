import { parseUrl } from '../../url/parse-url.js';
import type { Effort } from './effort.js';
import {
  ANYTHING_OR_NONE,
  SEGMENT,
  TextPattern,
  type FoldedText,
  type Wildcard,
} from './text-pattern.js';

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
 * A URI template (RFC 6570), which matches as the MCP SDKs do or more generously: a requirement applied to
 * a URI too many refuses, one too few lets in. The template itself is one of its URIs: it is what a
 * completion names.
 */
export class UriTemplate {
  private readonly pattern: TextPattern;

  constructor(private readonly template: string) {
    const parts = template.split(/(\{[^{}]*\})/);
    this.pattern = new TextPattern(
      parts.map((part) => (part.startsWith('{') ? wildcardOf(part) : part)),
    );
  }

  matches(uri: string, folded: FoldedText, effort: Effort): boolean {
    return uri === this.template || this.pattern.matches(folded, effort);
  }
}

/** A simple expression, which the SDKs match within a segment; the others match what they may. */
function wildcardOf(expression: string): Wildcard {
  return /^\{[+#/.;?&]/.test(expression) ? ANYTHING_OR_NONE : SEGMENT;
}
