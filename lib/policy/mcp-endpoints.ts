import { Injectable } from '@nestjs/common';
import { declaredMcpEndpoint } from '../decorators/mcp-endpoint.decorator.js';
import type { Handler } from '../handler/handler.js';
import { McpEndpointPolicy } from '../mcp/mcp-endpoint.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { HandlerPolicy } from './access-policy.js';

/** Tells which handlers are MCP endpoints. A library that has endpoints of its own takes its place. */
@Injectable()
export class McpEndpoints {
  /** Returns what a handler takes as an endpoint of this resource; nothing where it is none. */
  endpointOf(
    { controller, method }: Handler,
    _resource: ProtectedResource,
  ): McpEndpointPolicy | undefined {
    const declared = declaredMcpEndpoint(controller, method);
    return declared && new McpEndpointPolicy(declared);
  }

  isEndpoint({ controller, method }: Handler): boolean {
    return declaredMcpEndpoint(controller, method) !== undefined;
  }

  /** Returns whether a method is called through an endpoint, which asks for the token in its place. */
  isServed(_handler: Handler): boolean {
    return false;
  }

  /** @throws McpAuthConfigurationError naming a method that is served past the guard */
  assertServed(_prepared: readonly HandlerPolicy[]): void {
    // Whoever serves methods knows.
  }
}
