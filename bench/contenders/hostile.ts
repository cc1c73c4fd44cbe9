// Measures the CPU time of a request to an MCP endpoint, from the body parser to the end of the response.
import { Controller, Get, Headers, Module, Post, type INestApplication } from '@nestjs/common';
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
import { verifierFor } from './jose-guard.js';

const HOW_MANY = 100;
const times = <T>(make: (at: number) => T) => Array.from({ length: HOW_MANY }, (_, at) => make(at));

/** URI templates that are expensive to compare with a URI, and tools with many alternative scopes. */
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

export async function create(setup: Setup): Promise<INestApplication> {
  const verify = verifierFor(setup);
  @Controller()
  class HostileController {
    @Post('open') @Public() open() {
      return {};
    }

    /** Awaits one verification by jose in an open handler. Shows what the wait costs while the body is kept. */
    @Post('verify') @Public() async verify(@Headers('authorization') authorization: string) {
      await verify(authorization.slice('Bearer '.length));
      return {};
    }

    @Post('mcp') @McpEndpoint(OPTIONS) mcp() {
      return {};
    }

    @Post('optional') @OptionalAuth() @McpEndpoint(OPTIONS) optional() {
      return {};
    }

    /** Returns the CPU time in milliseconds of each request since the last call. */
    @Get('taken') @Public() taken() {
      return taken.splice(0);
    }
  }
  const metadata = { resource: RESOURCE, authorizationServers: [setup.issuer] };
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
