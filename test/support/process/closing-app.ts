import 'reflect-metadata';
import { once } from 'node:events';
import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { McpAuthModule } from 'nestjs-mcp-auth';
import { RESOURCE } from '../app.js';

/** An application in a separate process. It closes at a message of its parent, and does not call `process.exit()`. */
const [adapter, issuer = ''] = process.argv.slice(2);

@Controller('notes')
class NotesController {
  @Get() get() {
    return {};
  }
}

@Module({
  imports: [
    McpAuthModule.forRoot({
      protectedResources: { metadata: { resource: RESOURCE, authorizationServers: [issuer] } },
      // Longer than the test waits for the end of this process.
      fetchTimeout: 600_000,
    }),
  ],
  controllers: [NotesController],
})
class AppModule {}

const quiet = { logger: false } as const;
const app: INestApplication =
  adapter === 'fastify'
    ? await NestFactory.create(AppModule, new FastifyAdapter(), quiet)
    : await NestFactory.create(AppModule, quiet);
await app.listen(0, '127.0.0.1');
process.send?.({ url: await app.getUrl() });
await once(process, 'message');
await app.close();
process.disconnect();
