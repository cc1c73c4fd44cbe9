import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule, type AppOptions } from './app.module.js';

/** Makes the application, ready to listen, on Express or on Fastify. */
export async function createApp(
  options: AppOptions,
  adapter: 'express' | 'fastify',
): Promise<INestApplication> {
  return NestFactory.create(
    AppModule.forRoot(options),
    adapter === 'fastify'
      ? new FastifyAdapter({ forceCloseConnections: true })
      : new ExpressAdapter(),
    { abortOnError: false, logger: ['error', 'warn'], forceCloseConnections: true },
  );
}
