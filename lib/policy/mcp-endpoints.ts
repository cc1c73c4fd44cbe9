import { Injectable } from '@nestjs/common';
import { declaredMcpEndpoint } from '../decorators/mcp-endpoint.decorator.js';
import type { Handler } from '../handler/handler.js';
import { McpEndpointPolicy } from '../mcp/mcp-endpoint.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { HandlerPolicy } from './access-policy.js';

/** Finds the handlers with `@McpEndpoint()`. A subclass adds the MCP endpoints of another library. */
@Injectable()
export class McpEndpoints {
  /** Returns the MCP policy of a handler at this resource, or `undefined` if it is not an MCP endpoint. */
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

  /** Returns `true` if an MCP endpoint calls the method. The handler of the endpoint requires the token. */
  isServed(_handler: Handler): boolean {
    return false;
  }

  /** @throws McpAuthConfigurationError naming a method that is served without the guard */
  assertServed(_prepared: readonly HandlerPolicy[]): void {
    // The handlers of `@McpEndpoint()` serve no other methods.
  }
}
