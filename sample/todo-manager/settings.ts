import type { AdapterName } from './create-app.js';

export interface Settings {
  port: number;
  /** The resource identifier: the URL that MCP clients are given. */
  resource: string;
  adapter: AdapterName;
  /** The issuers to trust; none starts a development authorization server. */
  issuers: string[];
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = readPort(env.PORT ?? '3001');
  return {
    port,
    // An origin is published as resource identifier without the slash, so that is its name.
    resource: (env.RESOURCE ?? `http://localhost:${port}/mcp`).replace(/(:\/\/[^/]+)\/$/, '$1'),
    adapter: readAdapter(env.ADAPTER ?? 'express'),
    issuers: (env.ISSUER ?? '')
      .split(',')
      .map((issuer) => issuer.trim())
      .filter((issuer) => issuer !== ''),
  };
}

function readPort(given: string): number {
  const port = Number(given);
  // One below the highest: the development authorization server takes the port after it.
  if (/^\d+$/.test(given) && port > 0 && port < 65535) return port;
  throw new Error(`PORT must be a number from 1 to 65534, not "${given}".`);
}

function readAdapter(given: string): AdapterName {
  if (given === 'express' || given === 'fastify') return given;
  throw new Error(`ADAPTER must be express or fastify, not "${given}".`);
}
