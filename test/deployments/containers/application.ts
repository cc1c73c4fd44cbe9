import 'reflect-metadata';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Page } from '../../docs/support/page.js';
import { McpController } from '../mcp.controller.js';

/** The application of the docs, with an MCP endpoint: `application.ts <adapter> <port> <heading>`. */
const [adapter, port = '', heading = ''] = process.argv.slice(2);

const page = await Page.open('docs/containers.md');
const { AppModule } = await page.run<{ AppModule: Type }>(heading);

@Module({ imports: [AppModule], controllers: [McpController] })
class Application {}

const options = { logger: ['error', 'warn'] as ('error' | 'warn')[], abortOnError: false };
const app =
  adapter === 'fastify'
    ? await NestFactory.create(Application, new FastifyAdapter(), options)
    : await NestFactory.create(Application, options);
await app.listen(Number(port), '0.0.0.0');
process.send?.({ listening: true });
