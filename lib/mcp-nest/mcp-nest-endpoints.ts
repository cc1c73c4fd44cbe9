import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { declaredMcpEndpoint } from '../decorators/mcp-endpoint.decorator.js';
import { capabilityOf, type McpNestCapability } from './mcp-nest-capability.js';
import { isMcpNestController } from './mcp-nest-controller.js';
import { McpNestEndpointPolicy } from './mcp-nest-endpoint.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import type { McpEndpointPolicy, NamedOperation } from '../mcp/mcp-endpoint.js';
import type { HandlerPolicy } from '../policy/access-policy.js';
import { McpEndpoints } from '../policy/mcp-endpoints.js';
import { assertMcpNestServed } from './assert-mcp-nest-served.js';
import type { Handler } from '../handler/handler.js';
import { requirementOf, type CapabilityRequirement } from './mcp-nest-requirement.js';

/**
 * The MCP endpoints of `@rekog/mcp-nest`, in addition to those of `@McpEndpoint()`: the HTTP routes of its
 * transports. The requirements of its tools, prompts and resources are collected once, at start-up.
 */
@Injectable()
export class McpNestEndpoints extends McpEndpoints {
  private found: readonly CapabilityRequirement[] | undefined;

  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {
    super();
  }

  override endpointOf(
    handler: Handler,
    resource: ProtectedResource,
  ): McpEndpointPolicy | undefined {
    const { controller, method } = handler;
    return isMcpNestController(controller)
      ? new McpNestEndpointPolicy(this.servedAt(resource), declaredMcpEndpoint(controller, method))
      : super.endpointOf(handler, resource);
  }

  override isEndpoint(handler: Handler): boolean {
    return isMcpNestController(handler.controller) || super.isEndpoint(handler);
  }

  override isServed({ controller, method }: Handler): boolean {
    return capabilityOf(controller, method) !== undefined;
  }

  override assertServed(prepared: readonly HandlerPolicy[]): void {
    const routes = prepared.filter(({ handler }) => isMcpNestController(handler.controller));
    assertMcpNestServed(this.requirements, routes);
  }

  /**
   * Returns the operations of an endpoint. MCP-Nest does not say which server a controller serves, so the
   * requirements of all servers apply. A method that belongs to another resource is left out if a method
   * that is served here has the same kind and name.
   */
  private servedAt({ resource }: ProtectedResource): NamedOperation[] {
    const belongsHere = (requirement: CapabilityRequirement) =>
      requirement.resource === undefined || requirement.resource === resource;
    return this.requirements.filter(
      (requirement) =>
        belongsHere(requirement) ||
        !this.requirements.some(
          (other) =>
            belongsHere(other) &&
            other.kind === requirement.kind &&
            other.name === requirement.name,
        ),
    );
  }

  private get requirements(): readonly CapabilityRequirement[] {
    this.found ??= this.capabilities().map((capability) =>
      requirementOf(capability, this.resources),
    );
    return this.found;
  }

  private capabilities(): McpNestCapability[] {
    const classes = this.discovery.getControllers().map(({ metatype }) => metatype as Type | null);
    return [...new Set(classes)].flatMap((controller) =>
      controller
        ? this.scanner
            .getAllMethodNames(controller.prototype as object)
            .flatMap((method) => capabilityOf(controller, method) ?? [])
        : [],
    );
  }
}
