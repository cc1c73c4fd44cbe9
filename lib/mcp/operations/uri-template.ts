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

/** Returns the forms of a URI in which an MCP server may look a resource up: as sent, and normalized. */
export function uriForms(uri: string): string[] {
  return [...new Set([uri, parseUrl(uri)?.href ?? uri])];
}

/** Returns a URI that matches a template and that no application uses for a resource. */
export function exampleUri(template: string): string {
  return template.replace(/\{([+#./;?&]?)[^{}]*\}/g, (_, operator: string) =>
    /[?&;]/.test(operator) ? '' : `${operator.replace('+', '')}${EXAMPLE}`,
  );
}

/**
 * A URI template (RFC 6570), which matches at least what the MCP SDKs match. One requirement too many rejects
 * a call, but one too few lets a call in. The template itself is one of its URIs, because a completion names
 * it.
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

/**
 * Returns the wildcard of an expression. The SDKs match a simple expression within a segment. The others
 * match anything here.
 */
function wildcardOf(expression: string): Wildcard {
  return /^\{[+#/.;?&]/.test(expression) ? ANYTHING_OR_NONE : SEGMENT;
}
