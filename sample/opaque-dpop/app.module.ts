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
              // An opaque token says nothing by itself: who issued it is asked what it means.
              authorizationServers: [{ issuer, introspection }],
              scopesSupported: ['read:reports'],
            },
            // A token that was stolen is of no use without the key that it is bound to, and
            // proofs hold a nonce, so that none can be made in advance.
            dpop: { mode: 'required', nonce: true },
          },
          discovery: 'eager',
        }),
      ],
    };
  }
}
