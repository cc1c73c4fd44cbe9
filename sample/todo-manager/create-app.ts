import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule, type AppOptions } from './app.module.js';
import { StartUpLogger } from './start-up-logger.js';

export type AdapterName = 'express' | 'fastify';

/** Makes the application, ready to listen, on Express or on Fastify. */
export async function createApp(
  options: AppOptions,
  adapter: AdapterName,
): Promise<INestApplication> {
  const httpAdapter =
    adapter === 'fastify'
      ? new FastifyAdapter({ forceCloseConnections: true })
      : new ExpressAdapter();
  const app = await NestFactory.create(AppModule.forRoot(options), httpAdapter, {
    abortOnError: false,
    logger: new StartUpLogger(),
    forceCloseConnections: true,
  });
  // MCP clients in a browser, such as the Inspector, call from another origin.
  app.enableCors();
  return app;
}
