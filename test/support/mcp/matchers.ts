import { mcpNestPaths, McpNestUri } from '../../../lib/mcp-nest/mcp-nest-uri.js';
import { Effort } from '../../../lib/mcp/operations/effort.js';
import { foldText } from '../../../lib/mcp/operations/text-pattern.js';
import { UriTemplate } from '../../../lib/mcp/operations/uri-template.js';

/** Returns a function that tells if a URI matches a template, without a limit on its effort. */
export function uriTemplateMatcher(template: string): (uri: string) => boolean {
  const compiled = new UriTemplate(template);
  return (uri) => compiled.matches(uri, foldText(uri), new Effort(Infinity));
}

/** Returns a function that tells if MCP-Nest would match a URI, without a limit on its effort. */
export function mcpNestUriMatcher(uriOrTemplate: string): (uri: string) => boolean {
  const compiled = new McpNestUri(uriOrTemplate);
  return (uri) => compiled.matches(uri, mcpNestPaths(uri), new Effort(Infinity));
}
