import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import { AuthInfo, McpAuthModule, RequireScopes } from 'nestjs-mcp-auth';
import { API } from './clients.js';

@Controller('reports')
class ReportsController {
  @Get()
  @RequireScopes('read:reports')
  list(@AuthInfo() { subject, claims }: AuthInfo) {
    return { caller: subject, boundTo: claims.cnf, reports: ['2026-10', '2026-11'] };
  }
}

export interface AppOptions {
  /** The resource identifier: the URL of the reports. */
  resource: string;
  /** The authorization server whose tokens are accepted. */
  issuer: string;
}

@Module({ controllers: [ReportsController] })
export class AppModule {
  static forRoot({ resource, issuer }: AppOptions): DynamicModule {
    const introspection = { clientId: API.client_id, clientSecret: API.client_secret };
    return {
      module: AppModule,
      imports: [
        McpAuthModule.forRoot({
          protectedResources: {
            metadata: {
              resource,
              // Nothing can be read from an opaque token, so its authorization server is asked about the token.
              authorizationServers: [{ issuer, introspection }],
              scopesSupported: ['read:reports'],
            },
            // A stolen token is useless without the key that it is bound to. Each proof must
            // contain a nonce, so that no proof can be made in advance.
            dpop: { mode: 'required', nonce: true },
          },
          discovery: 'eager',
        }),
      ],
    };
  }
}
