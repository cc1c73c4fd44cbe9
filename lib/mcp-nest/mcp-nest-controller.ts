import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { lineage } from '../handler/lineage.js';

/** Where Nest's `@Inject` leaves what it asks for: on properties, and on constructor parameters. */
const INJECTED_PROPERTIES = 'self:properties_metadata';
const INJECTED_PARAMETERS = 'self:paramtypes';

/** The injection token of what answers a transport's HTTP requests. */
const HTTP_HANDLER = 'MCP_HTTP_HANDLER';
/** The class that `McpHttpControllerFor(transport)` makes. */
const BOUND_CONTROLLER = 'BoundMcpHttpController';

/**
 * Whether a controller gives a transport of `@rekog/mcp-nest` its HTTP route: by extending
 * `StreamableHttpController` or `McpHttpControllerFor(…)`, or by injecting `MCP_HTTP_HANDLER` itself.
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
