import type { Client } from '@modelcontextprotocol/client';
import type { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import type { INestApplication } from '@nestjs/common';
import type { TokenVerifier } from 'nestjs-mcp-auth';
import { mcpClient, stubTokens, type TestAuthorizationServer } from 'nestjs-mcp-auth/testing';
import type { Assignable, Equal, Expect } from './expect.js';

declare const app: INestApplication;
declare const server: TestAuthorizationServer;

/** The client is the SDK's own: of version 2 if both are installed, as they are here. */
export const client = () => mcpClient(app, 'alice');
export const clientV2 = () => mcpClient(app, undefined, { sdk: '@modelcontextprotocol/client' });
export const clientV1 = () =>
  mcpClient(app, 'alice', { path: '/mcp', sdk: '@modelcontextprotocol/sdk' });

export type Clients = [
  Expect<Equal<ReturnType<typeof client>, Promise<Client>>>,
  Expect<Equal<ReturnType<typeof clientV2>, Promise<Client>>>,
  Expect<Equal<ReturnType<typeof clientV1>, Promise<ClientV1>>>,
];

export type Stub = Expect<Assignable<ReturnType<typeof stubTokens>, TokenVerifier>>;

// @ts-expect-error -- scopes are an array
stubTokens({ alice: { scopes: 'read:notes' } });
// @ts-expect-error -- a misspelt member
stubTokens({ alice: { scope: ['read:notes'] } });

void server.bad('expired', { scopes: ['read:notes'] });
// @ts-expect-error -- no such bad token
void server.bad('wrongSignature');
// @ts-expect-error -- a bad token is a JWT
void server.bad('expired', { format: 'opaque' });
// @ts-expect-error -- another SDK
void mcpClient(app, 'alice', { sdk: 'mcp' });
