import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { lineage } from '../handler/lineage.js';

/** The keys under which Nest's `@Inject` stores the tokens of properties and of constructor parameters. */
const INJECTED_PROPERTIES = 'self:properties_metadata';
const INJECTED_PARAMETERS = 'self:paramtypes';

/** The description of the injection token for the handler of a transport's HTTP requests. */
const HTTP_HANDLER = 'MCP_HTTP_HANDLER';
/** The name of the class that `McpHttpControllerFor(transport)` makes. */
const BOUND_CONTROLLER = 'BoundMcpHttpController';

/**
 * Returns `true` if a controller serves a transport of `@rekog/mcp-nest` over HTTP. Such a controller extends
 * `StreamableHttpController` or `McpHttpControllerFor(…)`, or injects `MCP_HTTP_HANDLER` itself.
 */
export function isMcpNestController(controller: Type): boolean {
  const properties = (Reflect.getMetadata(INJECTED_PROPERTIES, controller) ?? []) as {
    type?: unknown;
  }[];
  const parameters = (Reflect.getMetadata(INJECTED_PARAMETERS, controller) ?? []) as {
    param?: unknown;
  }[];
  const injected = [...properties.map(({ type }) => type), ...parameters.map(({ param }) => param)];
  return (
    injected.some((token) => typeof token === 'symbol' && token.description === HTTP_HANDLER) ||
    lineage(controller).some(({ name }) => name === BOUND_CONTROLLER)
  );
}
