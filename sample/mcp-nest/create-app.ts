import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { McpStrategy, StreamableHttpTransport } from '@rekog/mcp-nest';
import { AppModule, type AppOptions } from './app.module.js';

/** Makes the application, ready to listen. The server of MCP-Nest is connected as a microservice. */
export async function createApp(
  options: Omit<AppOptions, 'transport'>,
  adapter: 'express' | 'fastify',
): Promise<INestApplication> {
  const transport = new StreamableHttpTransport();
  const strategy = new McpStrategy({
    name: 'todos',
    version: '1.0.0',
    transports: [transport],
    logging: { level: ['error', 'warn'] },
  });
  const app = await NestFactory.create(
    AppModule.forRoot({ ...options, transport }),
    adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter(),
    { abortOnError: false, logger: ['error', 'warn'], forceCloseConnections: true },
  );
  // MCP clients in a browser, such as the Inspector, call from another origin.
  app.enableCors();
  app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  return app;
}
