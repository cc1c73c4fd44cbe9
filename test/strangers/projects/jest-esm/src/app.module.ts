import { Module } from '@nestjs/common';
import { McpAuthModule } from 'nestjs-mcp-auth';
import { NotesController } from './notes.controller.js';

@Module({
  imports: [
    McpAuthModule.forRootAsync({
      useFactory: () => ({
        protectedResources: {
          metadata: {
            resource: 'https://api.example.com/notes',
            authorizationServers: [process.env.ISSUER ?? 'https://auth.example.com'],
          },
          dpop: 'accepted' as const,
        },
      }),
    }),
  ],
  controllers: [NotesController],
})
export class AppModule {}
