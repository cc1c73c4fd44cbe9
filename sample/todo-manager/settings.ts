import type { AdapterName } from './create-app.js';

export interface Settings {
  port: number;
  /** The resource identifier: the URL that MCP clients are given. */
  resource: string;
  adapter: AdapterName;
  /** The trusted issuers. If there are none, a development authorization server is started. */
  issuers: string[];
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = readPort(env.PORT ?? '3001');
  return {
    port,
    // The resource identifier of an origin is published without the slash at the end.
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
  // The highest port is not allowed, because the development authorization server uses the next port.
  if (/^\d+$/.test(given) && port > 0 && port < 65535) return port;
  throw new Error(`PORT must be a number from 1 to 65534, not "${given}".`);
}

function readAdapter(given: string): AdapterName {
  if (given === 'express' || given === 'fastify') return given;
  throw new Error(`ADAPTER must be express or fastify, not "${given}".`);
}
