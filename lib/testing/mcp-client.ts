import type { INestApplication } from '@nestjs/common';
import type { Server } from 'node:net';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { moduleProvider } from '../handler/module-provider.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { loadMcpSdk, type McpClient, type McpClientV1, type McpSdk } from './mcp-sdk.js';

/** The options of {@link mcpClient}. */
export interface McpClientOptions {
  /**
   * The path of the MCP endpoint. Default: the path of the resource identifier, if there is only one resource and it
   * has no tenants.
   */
  path?: string;
  /**
   * The SDK that provides the client. Default: `@modelcontextprotocol/client` if it is installed, or else
   * `@modelcontextprotocol/sdk`.
   */
  sdk?: McpSdk;
}

/**
 * Connects the client of the official MCP SDK to the application under test. If the application does not listen yet,
 * this function makes it listen on a free port of the loopback interface. Close the client before the application.
 *
 * The SDK is an optional peer dependency: version 2 is `@modelcontextprotocol/client`, version 1 is
 * `@modelcontextprotocol/sdk`.
 *
 * @param token - the access token, which is sent with each request; `undefined` sends none
 * @throws McpAuthConfigurationError if the SDK is not installed, or the path is not known
 * @throws the error of the SDK if the application rejects the token
 *
 * @example
 * ```ts
 * import type { INestApplication } from '@nestjs/common';
 * import { mcpClient } from 'nestjs-mcp-auth/testing';
 *
 * declare const app: INestApplication;
 *
 * const client = await mcpClient(app, 'alice');
 * const { tools } = await client.listTools();
 * await client.close();
 * ```
 */
export function mcpClient(
  app: INestApplication,
  token: string | undefined,
  options: McpClientOptions & { sdk: '@modelcontextprotocol/sdk' },
): Promise<McpClientV1>;
export function mcpClient(
  app: INestApplication,
  token: string | undefined,
  options?: McpClientOptions,
): Promise<McpClient>;
export async function mcpClient(
  app: INestApplication,
  token: string | undefined,
  { path, sdk }: McpClientOptions = {},
): Promise<unknown> {
  const connect = await loadMcpSdk(sdk);
  const endpoint = new URL(path ?? pathOf(app), await addressOf(app));
  return connect(endpoint, token === undefined ? {} : { authorization: `Bearer ${token}` });
}

function pathOf(app: INestApplication): string {
  const [resource, ...others] = moduleProvider(app, ProtectedResourceRegistry, 'mcpClient()').all;
  if (resource === undefined || resource.tenants !== undefined || others.length > 0) {
    throw new McpAuthConfigurationError(
      'mcpClient() needs the path of the MCP endpoint, since the application has several resources, or tenants: mcpClient(app, token, { path }).',
    );
  }
  return new URL(resource.resource).pathname;
}

/** Returns the URL at which the application listens. */
async function addressOf(app: INestApplication): Promise<string> {
  if (!(app.getHttpServer() as Server).listening) {
    await app.listen(0, '127.0.0.1');
  }
  return app.getUrl();
}
