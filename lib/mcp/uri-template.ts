/** As long as a resource URI may be to be matched at all. */
const MAX_LENGTH = 8192;

const EXAMPLE = 'nestjs-mcp-auth-example';

/** The forms of one URI under which an MCP server may look a resource up: as sent, and normalized. */
export function uriForms(uri: string): string[] {
  return URL.canParse(uri) ? [...new Set([uri, new URL(uri).href])] : [uri];
}

/** A URI of a template's, such that no application has a resource under it. */
export function exampleUri(template: string): string {
  return template.replace(/\{([+#./;?&]?)[^{}]*\}/g, (_, operator: string) =>
    /[?&;]/.test(operator) ? '' : `${operator.replace('+', '')}${EXAMPLE}`,
  );
}

/**
 * Whether a URI is one of a template's (RFC 6570), as the MCP SDKs match them or more generously: a
 * requirement applied to a URI too many refuses, one too few lets in.
 */
export function uriTemplateMatcher(template: string): (uri: string) => boolean {
  const pattern = template
    .split(/(\{[^{}]*\})/)
    .map((part) => (part.startsWith('{') ? expressionPattern(part) : escapeRegExp(part)))
    .join('');
  const regExp = new RegExp(`^${pattern}$`, 'i');
  return (uri) => uri.length > MAX_LENGTH || regExp.test(uri);
}

function expressionPattern(expression: string): string {
  switch (expression[1]) {
    case '+':
    case '#':
      return '.*';
    case '?':
    case '&':
      return `(?:[?&].*)?`;
    default:
      return expression[1] === '/' ? '(?:/[^?#]*)?' : '[^/?#]*';
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
