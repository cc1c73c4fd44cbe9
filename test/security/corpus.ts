import { algorithmConfusion } from './tables/algorithm-confusion.js';
import { claimTypes } from './tables/claims.js';
import { cors } from './tables/cors.js';
import { credentials } from './tables/credentials.js';
import { http } from './tables/http.js';
import { issuerAndResource } from './tables/issuer-and-resource.js';
import { jwsHeader } from './tables/jws-header.js';
import { mcpBodies } from './tables/mcp-bodies.js';
import { mcpOperations } from './tables/mcp-operations.js';
import { mcpResources } from './tables/mcp-resources.js';
import { proxyAssertions } from './tables/proxy-assertions.js';
import { prototypePollution } from './tables/prototype-pollution.js';
import { scopes } from './tables/scopes.js';
import { serialization } from './tables/serialization.js';
import { sessions } from './tables/sessions.js';
import { signature } from './tables/signature.js';
import { size } from './tables/size.js';
import type { Attack } from './support/attack.js';

/** All attacks, by the name of their table. */
export const corpus: Readonly<Record<string, readonly Attack[]>> = {
  'JWS header': jwsHeader,
  'algorithm and key confusion': algorithmConfusion,
  signature,
  serialization,
  claims: claimTypes,
  scopes,
  'issuers and resources': issuerAndResource,
  'prototype pollution': prototypePollution,
  size,
  credentials,
  'assertions of a proxy': proxyAssertions,
  HTTP: http,
  CORS: cors,
  'MCP operations': mcpOperations,
  'MCP bodies': mcpBodies,
  'MCP resources': mcpResources,
  'MCP sessions': sessions,
};
