/* eslint-disable @typescript-eslint/ban-ts-comment -- where a package is not installed, its type is `any` */
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
/** @ts-ignore -- the application may have the other SDK, or none */
import type { Client as ClientOfV2 } from '@modelcontextprotocol/client';
/** @ts-ignore -- the application may have the other SDK, or none */
import type { Client as ClientOfV1 } from '@modelcontextprotocol/sdk/client/index.js';

/** The client of version 1 of the MCP SDK. */
export type McpClientV1 = ClientOfV1;

/** The client of the MCP SDK that is installed: of version 2, or else of version 1. */
// The type of a missing package is `any`, which has every key. Other tests for `any` would yield `any` here.
export type McpClient = string extends keyof ClientOfV2 ? ClientOfV1 : ClientOfV2;

/** A package of the MCP SDK that has a client: version 2, and version 1. */
export type McpSdk = '@modelcontextprotocol/client' | '@modelcontextprotocol/sdk';

/** Connects a client of an SDK to an endpoint. Every request has the given headers. */
export type Connect = (endpoint: URL, headers: Record<string, string>) => Promise<unknown>;

const INFO = { name: 'nestjs-mcp-auth/testing', version: '1.0.0' };

const LOADERS: Readonly<Record<McpSdk, () => Promise<Connect>>> = {
  async '@modelcontextprotocol/client'() {
    const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
    return async (endpoint, headers) => {
      const client = new Client(INFO);
      await client.connect(
        new StreamableHTTPClientTransport(endpoint, { requestInit: { headers } }),
      );
      return client;
    };
  },
  async '@modelcontextprotocol/sdk'() {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const { StreamableHTTPClientTransport } =
      await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    return async (endpoint, headers) => {
      const client = new Client(INFO);
      await client.connect(
        new StreamableHTTPClientTransport(endpoint, { requestInit: { headers } }),
      );
      return client;
    };
  },
};

/**
 * Loads an SDK: the named one, or else the newest that is installed.
 *
 * @throws McpAuthConfigurationError if it is not installed
 */
export async function loadMcpSdk(sdk: McpSdk | undefined): Promise<Connect> {
  const candidates = sdk === undefined ? (Object.keys(LOADERS) as McpSdk[]) : [sdk];
  for (const candidate of candidates) {
    try {
      return await LOADERS[candidate]();
    } catch (error) {
      if (!isMissing(error, candidate)) {
        throw error;
      }
    }
  }
  const [remedy = ''] = candidates;
  throw new McpAuthConfigurationError(
    `mcpClient() needs the package ${candidates.map((name) => `"${name}"`).join(' or ')}, which is not installed: npm install --save-dev ${remedy}.`,
  );
}

/** Returns `true` if a package is not installed, and `false` if it is installed but cannot be loaded. */
function isMissing(error: unknown, sdk: McpSdk): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return code.endsWith('MODULE_NOT_FOUND') && message.includes(sdk);
}
