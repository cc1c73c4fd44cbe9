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
 * A URI template (RFC 6570). It matches every URI that the MCP SDKs match, and some more. A template that
 * matches too much adds required scopes, so a call may be rejected. A template that matches too little
 * would let a call in. The text of the template itself matches too, because a `completion/complete` request
 * sends it as the URI.
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
 * Returns the wildcard of an expression. The SDKs match a simple expression within a segment. Any other expression
 * matches anything here.
 */
function wildcardOf(expression: string): Wildcard {
  return /^\{[+#/.;?&]/.test(expression) ? ANYTHING_OR_NONE : SEGMENT;
}
