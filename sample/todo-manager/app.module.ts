import { Module, type DynamicModule } from '@nestjs/common';
import { McpAuthModule } from 'nestjs-mcp-auth';
import { ConsoleModule } from './console/console.module.js';
import { McpController } from './mcp/mcp.controller.js';
import { TodoTools } from './mcp/todo-tools.js';
import { FIRST_SCOPES } from './todos/todo.js';
import { TodosController } from './todos/todos.controller.js';
import { TodosService } from './todos/todos.service.js';

export interface AppOptions {
  /** The resource identifier: the URL that MCP clients are given. */
  resource: string;
  /** The authorization servers whose tokens are accepted. */
  issuers: string[];
}

@Module({
  controllers: [McpController, TodosController],
  providers: [TodoTools, TodosService],
})
export class AppModule {
  static forRoot({ resource, issuers }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConsoleModule.forRoot(issuers),
        McpAuthModule.forRoot({
          protectedResources: {
            metadata: {
              resource,
              resourceName: 'Todo manager',
              authorizationServers: issuers,
              scopesSupported: [...FIRST_SCOPES],
            },
          },
          // A wrong or unreachable issuer is found at start-up, not with the first token.
          discovery: 'eager',
        }),
      ],
    };
  }
}
