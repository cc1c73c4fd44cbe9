import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { AuthInfo, McpAuthModule, RequireScopes } from 'nestjs-mcp-auth';

@Injectable()
export class NotesService {
  constructor(private readonly authInfo: AuthInfo) {}

  async owner(): Promise<string | undefined> {
    await sleep(1);
    return this.authInfo.subject;
  }
}

@Controller('notes')
export class NotesController {
  constructor(private readonly notes: NotesService) {}

  @Get()
  @RequireScopes('read:notes')
  async list(@AuthInfo('subject') subject: string) {
    return { subject, owner: await this.notes.owner() };
  }
}

@Module({
  imports: [
    McpAuthModule.forRoot({
      protectedResources: {
        metadata: {
          resource: 'https://api.example.com/notes',
          authorizationServers: [{ issuer: process.env.ISSUER ?? 'https://auth.example.com' }],
          scopesSupported: ['read:notes'],
        },
      },
    }),
  ],
  controllers: [NotesController],
  providers: [NotesService],
})
export class AppModule {}
