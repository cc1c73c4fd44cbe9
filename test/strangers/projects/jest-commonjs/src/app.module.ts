import { Module } from '@nestjs/common';
import { McpAuthModule } from 'nestjs-mcp-auth';
import { McpController } from './mcp.controller';

@Module({
  imports: [
    McpAuthModule.forRootAsync({
      useFactory: () => ({
        protectedResources: {
          metadata: {
            resource: 'https://api.example.com/mcp',
            authorizationServers: [process.env.ISSUER ?? 'https://auth.example.com'],
          },
        },
      }),
    }),
  ],
  controllers: [McpController],
})
export class AppModule {}
