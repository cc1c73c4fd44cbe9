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
 * The transport's HTTP route. It has to be a controller's: one that the transport mounts itself is
 * guarded by nobody, and with McpAuthModule the application does not start.
 */
@Controller('mcp')
export class McpEndpointController extends StreamableHttpController {}

/** McpAuthModule is what stands in place of a guard and a metadata controller written by hand. */
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
