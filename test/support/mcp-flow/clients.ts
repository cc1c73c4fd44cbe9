import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type ClientOptions,
} from '@modelcontextprotocol/client';
import { UnauthorizedError as UnauthorizedErrorV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as StreamableHTTPClientTransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClient } from '../../../sample/todo-manager/walk-through/oauth-client.js';
import type { Wire } from '../../../sample/walk-through/wire.js';

const INFO = { name: 'test', version: '1.0.0' };

/** The operations of a client that tests use, with either SDK. */
export interface TestClient {
  /** Throws an error if the SDK has sent the user to log in. */
  connect(): Promise<unknown>;
  isSentToLogIn(error: unknown): boolean;
  finishAuth(answer: URLSearchParams): Promise<void>;
  callTool(name: string): Promise<Record<string, unknown>>;
  /** Returns the negotiated revision of MCP. `undefined` for version 1 of the SDK, which does not tell it. */
  protocolVersion(): string | undefined;
  close(): Promise<void>;
}

type MakeClient = (endpoint: URL, oauth: OAuthClient, wire: Wire) => TestClient;

const clientV2 =
  (options?: ClientOptions): MakeClient =>
  (endpoint, oauth, wire) => {
    const client = new Client(INFO, options);
    const transport = () =>
      new StreamableHTTPClientTransport(endpoint, { authProvider: oauth, fetch: wire.fetch });
    return {
      connect: () => client.connect(transport()),
      isSentToLogIn: (error) => error instanceof UnauthorizedError,
      finishAuth: (answer) => transport().finishAuth(answer),
      callTool: (name) => client.callTool({ name }),
      protocolVersion: () => client.getNegotiatedProtocolVersion(),
      close: () => client.close(),
    };
  };

const clientV1: MakeClient = (endpoint, oauth, wire) => {
  const client = new ClientV1(INFO);
  const transport = () =>
    new StreamableHTTPClientTransportV1(endpoint, { authProvider: oauth, fetch: wire.fetch });
  return {
    connect: () => client.connect(transport()),
    isSentToLogIn: (error) => error instanceof UnauthorizedErrorV1,
    finishAuth: (answer) => transport().finishAuth(answer.get('code') ?? ''),
    callTool: (name) => client.callTool({ name }),
    protocolVersion: () => undefined,
    close: () => client.close(),
  };
};

export const CLIENTS = {
  '@modelcontextprotocol/client v2': clientV2(),
  '@modelcontextprotocol/client v2, MCP 2026-07-28': clientV2({
    versionNegotiation: { mode: 'auto' },
  }),
  '@modelcontextprotocol/sdk v1': clientV1,
};
