import type { INestApplication } from '@nestjs/common';
import { startDevServer, type DevServer } from 'nestjs-mcp-auth/dev-server';
import { createApp, type AdapterName } from '../../../sample/todo-manager/create-app.js';
import { TODO_SCOPES } from '../../../sample/todo-manager/todos/todo.js';
import { USERS } from '../../../sample/todo-manager/users.js';

/** The sample with its authorization server, as `npm start` starts them. */
export class TodoManager {
  private constructor(
    readonly url: string,
    private readonly app: INestApplication,
    private authorizationServer: DevServer,
  ) {}

  static async start(port: number, adapter: AdapterName = 'express'): Promise<TodoManager> {
    const url = `http://localhost:${port}/`;
    const authorizationServer = await startAuthorizationServer(url);
    const issuers = [authorizationServer.issuer];
    const app = await createApp({ resource: `${url}mcp`, issuers }, adapter);
    await app.listen(port, 'localhost');
    return new TodoManager(url, app, authorizationServer);
  }

  get issuer(): string {
    return this.authorizationServer.issuer;
  }

  async stopAuthorizationServer(): Promise<void> {
    await this.authorizationServer.close();
  }

  /** Starts it again where it was. It has forgotten all clients, and has new keys. */
  async restartAuthorizationServer(): Promise<void> {
    this.authorizationServer = await startAuthorizationServer(
      this.url,
      Number(new URL(this.issuer).port),
    );
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.authorizationServer.close();
  }
}

function startAuthorizationServer(url: string, port = 0): Promise<DevServer> {
  const resources = [{ resource: `${url}mcp`, scopes: TODO_SCOPES }];
  return startDevServer({ resources, port, users: Object.values(USERS) });
}
