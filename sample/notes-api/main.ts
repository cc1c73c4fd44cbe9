import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthInfo, McpAuthModule, RequireScopes } from 'nestjs-mcp-auth';

const { ISSUER = '', RESOURCE = 'http://localhost:3003/notes', PORT = '3003' } = process.env;

@Controller('notes')
class NotesController {
  @Get()
  @RequireScopes('read:notes')
  list(@AuthInfo('principal') owner: string) {
    return [{ owner, text: 'Buy milk' }];
  }
}

@Module({
  imports: [
    McpAuthModule.forRoot({
      protectedResources: {
        metadata: {
          resource: RESOURCE,
          authorizationServers: [ISSUER],
          scopesSupported: ['read:notes'],
        },
      },
    }),
  ],
  controllers: [NotesController],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
await app.listen(PORT);
