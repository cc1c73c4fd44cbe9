import { Controller, Module, type DynamicModule } from '@nestjs/common';
import {
  MCP_HTTP_HANDLER,
  StreamableHttpController,
  type StreamableHttpTransport,
} from '@rekog/mcp-nest';
import { McpAuthModule } from 'nestjs-mcp-auth';
import { TodoServer } from './todo-server.js';
import { TodoStore } from './todo-store.js';

export const SCOPES = ['create:todos', 'read:todos', 'delete:todos'];

export interface AppOptions {
  /** The resource identifier: the URL that MCP clients are given. */
  resource: string;
  /** The authorization server whose tokens are accepted. */
  issuer: string;
  transport: StreamableHttpTransport;
}

/**
 * The HTTP route of the transport. It must be in a controller. Without a controller the transport mounts
 * its own route, where no guard runs. McpAuthModule then stops the start.
 */
@Controller('mcp')
export class McpEndpointController extends StreamableHttpController {}

/** The application. McpAuthModule replaces a guard and a metadata controller of your own. */
@Module({ controllers: [TodoServer, McpEndpointController], providers: [TodoStore] })
export class AppModule {
  static forRoot({ resource, issuer, transport }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        McpAuthModule.forRoot({
          protectedResources: {
            metadata: {
              resource,
              resourceName: 'Todos, served by MCP-Nest',
              authorizationServers: [issuer],
              scopesSupported: SCOPES,
            },
          },
          discovery: 'eager',
        }),
      ],
      providers: [{ provide: MCP_HTTP_HANDLER, useValue: transport.httpHandlers }],
    };
  }
}
