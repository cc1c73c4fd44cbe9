import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { declaredMcpEndpoint } from '../mcp/mcp-endpoint.decorator.js';
import { capabilityOf, type McpNestCapability } from '../mcp-nest/mcp-nest-capability.js';
import { isMcpNestController } from '../mcp-nest/mcp-nest-controller.js';
import { McpNestEndpointPolicy, type ScopedCapability } from '../mcp-nest/mcp-nest-endpoint.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import type { AccessPolicy } from './access-policy.js';
import { assertMcpNestServed } from './assert-mcp-nest-served.js';
import type { Handler } from './handler.js';
import { demandOf, type CapabilityDemand } from './mcp-nest-demand.js';

/** What the tools, prompts and resources of `@rekog/mcp-nest` demand, found once, at start-up. */
@Injectable()
export class McpNestRegistry {
  private found: readonly CapabilityDemand[] | undefined;

  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** What a handler takes, where it is the HTTP route of one of that library's transports. */
  endpointOf(
    { controller, method }: Handler,
    resource: ProtectedResource,
  ): McpNestEndpointPolicy | undefined {
    return isMcpNestController(controller)
      ? new McpNestEndpointPolicy(this.servedAt(resource), declaredMcpEndpoint(controller, method))
      : undefined;
  }

  /** @throws McpAuthConfigurationError naming a tool that is served past the guard */
  assertServed(policies: readonly { handler: Handler; policy: AccessPolicy }[]): void {
    const routes = policies.filter(({ handler }) => isMcpNestController(handler.controller));
    assertMcpNestServed(this.demands, routes);
  }

  /**
   * Which server is behind a controller is nowhere to be read, so that what any server needs is asked
   * for. Of two that share a name, the one that is of another resource does not count.
   */
  private servedAt({ resource }: ProtectedResource): ScopedCapability[] {
    const isNear = (demand: CapabilityDemand) =>
      demand.resource === undefined || demand.resource === resource;
    return this.demands.filter(
      (demand) =>
        isNear(demand) ||
        !this.demands.some(
          (other) => isNear(other) && other.kind === demand.kind && other.name === demand.name,
        ),
    );
  }

  private get demands(): readonly CapabilityDemand[] {
    this.found ??= this.capabilities().map((capability) => demandOf(capability, this.resources));
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
