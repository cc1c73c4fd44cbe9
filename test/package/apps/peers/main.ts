import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { createSecuredDocument } from 'nestjs-mcp-auth/swagger';
import { ObservedModule } from './observed.module.js';

async function bootstrap() {
  const app =
    process.env.ADAPTER === 'fastify'
      ? await NestFactory.create(ObservedModule, new FastifyAdapter())
      : await NestFactory.create(ObservedModule);
  const config = new DocumentBuilder().setTitle('Notes').build();
  SwaggerModule.setup('api', app, () => createSecuredDocument(app, config), { ui: false });
  process.once('SIGTERM', () => void app.close());
  await app.listen(0, '127.0.0.1');
  console.log(`listening at ${await app.getUrl()}`);
}

void bootstrap();
