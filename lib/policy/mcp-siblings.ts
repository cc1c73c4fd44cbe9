import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService, ModulesContainer } from '@nestjs/core';
import { DiscoveredHandlers } from './discovery/discovered-handlers.js';
import type { Handler, Method } from '../handler/handler.js';
import { McpEndpoints } from './mcp-endpoints.js';
import {
  haveCommonPath,
  httpRouteOf,
  MODULE_PATH,
  type HttpRoute,
} from './discovery/http-route.js';

interface Mounted {
  readonly handler: Handler;
  readonly routes: readonly HttpRoute[];
  /** `true` for an MCP endpoint. It is computed once for each handler, because each look-up compares all handlers. */
  readonly isEndpoint: boolean;
}

/**
 * The handlers that answer at the path of an MCP endpoint. They belong to the endpoint: a `POST` opens a
 * session, a `GET` reads it, and a `DELETE` ends it.
 */
@Injectable()
export class McpSiblings {
  private mounted: readonly Mounted[] | undefined;

  constructor(
    private readonly handlers: DiscoveredHandlers,
    private readonly endpoints: McpEndpoints,
    private readonly discovery: DiscoveryService,
    private readonly modules: ModulesContainer,
  ) {}

  /** Returns the endpoint that a handler without `@McpEndpoint()` belongs to, or `undefined` if there is none. */
  endpointBeside(handler: Handler): Handler | undefined {
    this.mounted ??= this.all();
    const routes = this.mounted.find((other) => isSame(other.handler, handler))?.routes ?? [];
    return this.mounted.find(
      (other) =>
        other.isEndpoint &&
        other.routes.some((route) => routes.some((own) => haveCommonPath(own, route))),
    )?.handler;
  }

  private all(): Mounted[] {
    return this.handlers
      .all()
      .filter(({ kind }) => kind === 'http')
      .map((handler) => ({
        handler,
        routes: this.routesOf(handler),
        isEndpoint: this.endpoints.isEndpoint(handler),
      }));
  }

  /** Returns the routes of a handler. A controller of several modules has a route in each. */
  private routesOf({ controller, method }: Handler): HttpRoute[] {
    const implementation = (controller.prototype as Record<string, Method | undefined>)[method];
    const modules = this.discovery
      .getControllers()
      .filter(({ metatype }) => metatype === controller)
      .map(({ host }) => host?.metatype);
    return implementation
      ? modules.map((module) => httpRouteOf(controller, implementation, this.prefixOf(module)))
      : [];
  }

  /** Reads the prefix that `RouterModule` set for a module, as Nest does. */
  private prefixOf(module: Type | undefined): unknown {
    const keys = [`${MODULE_PATH}${this.modules.applicationId}`, MODULE_PATH];
    return module && keys.map((key): unknown => Reflect.getMetadata(key, module)).find(Boolean);
  }
}

function isSame(a: Handler, b: Handler): boolean {
  return a.controller === b.controller && a.method === b.method;
}
