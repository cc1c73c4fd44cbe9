// Measures the CPU time that a request to an MCP endpoint takes between the body parser and the end of its answer.
import { Controller, Get, Module, Post, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express, { type NextFunction, type Request, type Response } from 'express';
import {
  McpAuthModule,
  McpEndpoint,
  OptionalAuth,
  Public,
  type McpEndpointOptions,
} from 'nestjs-mcp-auth';
import { RESOURCE, type Setup } from './contender.js';

const HOW_MANY = 100;
const times = <T>(make: (at: number) => T) => Array.from({ length: HOW_MANY }, (_, at) => make(at));

/** URI templates that differ from a URI only behind many places to try, and tools with many choices. */
const OPTIONS: McpEndpointOptions = {
  resources: Object.fromEntries(
    times((at) => [`x://{a}-{b}-{c}-{+d}-{e}-{f}/${at}/{g}`, `r${at}`]),
  ),
  tools: Object.fromEntries(
    times((at) => [
      `tool-${at}`,
      { anyOf: Array.from({ length: 50 }, (_, n) => [`a${at}.${n}`, `b${at}.${n}`]) },
    ]),
  ),
};

const taken: number[] = [];

@Controller()
class HostileController {
  @Post('open') @Public() open() {
    return {};
  }

  @Post('mcp') @McpEndpoint(OPTIONS) mcp() {
    return {};
  }

  @Post('optional') @OptionalAuth() @McpEndpoint(OPTIONS) optional() {
    return {};
  }

  /** The milliseconds of CPU time of the requests since it was asked last. */
  @Get('taken') @Public() taken() {
    return taken.splice(0);
  }
}

function timer(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'POST') {
    const start = process.cpuUsage();
    response.once('finish', () => {
      const { user, system } = process.cpuUsage(start);
      taken.push((user + system) / 1000);
    });
  }
  next();
}

export async function create({ issuer }: Setup): Promise<INestApplication> {
  const metadata = { resource: RESOURCE, authorizationServers: [issuer] };
  const scopeHierarchy = Object.fromEntries(times((at) => [`s${at}`, [`h${at}.1`, `h${at}.2`]]));
  @Module({
    imports: [McpAuthModule.forRoot({ protectedResources: { metadata, scopeHierarchy } })],
    controllers: [HostileController],
  })
  class HostileModule {}
  const app = await NestFactory.create(HostileModule, { logger: ['error'], bodyParser: false });
  app.use(express.json({ limit: '4mb' }), timer);
  return app;
}
