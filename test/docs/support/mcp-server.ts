import {
  nodeRequest,
  nodeResponse,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server';
import { All, Body, Controller, Req, Res, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

type Answer = (request: IncomingMessage, response: ServerResponse, body: unknown) => unknown;

/** Returns a function that answers requests by a server of version 2 of the SDK. */
export function answerBy(createServer: () => McpServer): Answer {
  return toNodeHandler(createMcpHandler(createServer));
}

export interface Handles {
  handle: (...args: unknown[]) => unknown;
}

/** Returns a subclass of a controller with another function as its `handle`, under the same decorators. */
export function handledBy(
  Base: Type<Handles>,
  handle: (this: Handles, ...args: never[]) => unknown,
): Type {
  class Derived extends Base {}
  Object.defineProperty(Derived.prototype, 'handle', { value: handle });
  const { handle: decorated } = Base.prototype as Handles;
  for (const key of Reflect.getOwnMetadataKeys(decorated)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, decorated), handle);
  }
  return Derived;
}

/** Returns a controller of an example with this answer. The method of the example is empty. */
export function filledIn(Stub: Type<Handles>, answer: Answer): Type {
  const Filled = handledBy(
    Stub,
    (request: AdapterRequest, response: AdapterResponse, body: unknown) =>
      answer(nodeRequest(request), nodeResponse(response), body ?? undefined),
  );
  for (const [index, decorate] of [Req(), Res(), Body()].entries()) {
    decorate(Filled.prototype as object, 'handle', index);
  }
  return Filled;
}

/** Returns a controller for a function of a page that makes a server. The function gets the provider `token`. */
export function controllerOf<Provider extends object>(
  createServer: (provider: Provider) => McpServer,
  token?: Type<Provider>,
): Type {
  @Controller('mcp')
  class McpController {
    private readonly answer = answerBy(() =>
      createServer(this.moduleRef.get<Provider>(token ?? ModuleRef)),
    );

    constructor(private readonly moduleRef: ModuleRef) {}

    @All()
    async handle(
      @Req() request: AdapterRequest,
      @Res() response: AdapterResponse,
      @Body() body: unknown,
    ) {
      await this.answer(nodeRequest(request), nodeResponse(response), body ?? undefined);
    }
  }
  return McpController;
}
