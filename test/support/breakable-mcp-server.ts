import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { Issuer, json, type Answer } from './issuer.js';

const METADATA = '/.well-known/oauth-protected-resource';

/**
 * An MCP server with everything that clients need, in which a test breaks one thing. It accepts only its
 * {@link token}.
 */
export class BreakableMcpServer {
  url = '';
  /** The members that replace those of the right metadata. `undefined` leaves a member out. */
  metadata: Record<string, unknown> = {};
  /** Returns the value of `WWW-Authenticate`. `error` is the parameter of that name. */
  challenge: (error?: string) => string | undefined = (error) =>
    `Bearer ${error === undefined ? '' : `error="${error}", `}resource_metadata="${this.metadataUrl}", scope="notes"`;
  /** The header fields that are sent with every answer. */
  headers: Record<string, string> = {};
  /** The token that is accepted. */
  token = 'good';
  readonly requests: IncomingMessage[] = [];
  private readonly answers = new Map<string, Answer>();
  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(issuer: string): Promise<BreakableMcpServer> {
    const server = createServer();
    const broken = new BreakableMcpServer(server, issuer);
    server.on('request', (request, response) => {
      broken.handle(request, response);
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
    broken.url = `http://localhost:${(server.address() as AddressInfo).port}/mcp`;
    return broken;
  }

  get metadataUrl(): string {
    return new URL(`${METADATA}/mcp`, this.url).href;
  }

  /** Answers a request in another way. The key is its path, or its method and path. */
  answer(key: string, answer: Answer): void {
    this.answers.set(key, answer);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request);
    const { method = '', url = '' } = request;
    const cors = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization, content-type, mcp-protocol-version',
      'access-control-expose-headers': 'WWW-Authenticate',
    };
    response.setHeaders(new Map(Object.entries({ ...cors, ...this.headers })));
    const answer = this.answers.get(`${method} ${url}`) ?? this.answers.get(url);
    if (answer !== undefined) {
      answer(request, response);
    } else if (method === 'OPTIONS') {
      response.writeHead(204).end();
    } else if (url === `${METADATA}/mcp`) {
      json(response, this.document());
    } else if (url === '/mcp') {
      this.callTool(request, response);
    } else {
      response.writeHead(404).end();
    }
  }

  private callTool({ headers }: IncomingMessage, response: ServerResponse): void {
    if (headers.authorization === `Bearer ${this.token}`) {
      json(response, { jsonrpc: '2.0', id: 1, result: {} });
      return;
    }
    const challenge = this.challenge(headers.authorization && 'invalid_token');
    if (challenge !== undefined) {
      response.setHeader('www-authenticate', challenge);
    }
    response.writeHead(401).end();
  }

  private document(): Record<string, unknown> {
    return {
      resource: this.url,
      authorization_servers: [this.issuer],
      bearer_methods_supported: ['header'],
      scopes_supported: ['notes'],
      ...this.metadata,
    };
  }
}

/** An issuer, and a new server for each test. The metadata of the server names the issuer. */
export interface Running {
  readonly issuer: Issuer;
  readonly server: BreakableMcpServer;
}

/** Starts an issuer before all tests, and a {@link BreakableMcpServer} before each test. Stops both afterwards. */
export function useBreakableServer(): Running {
  let issuer: Issuer;
  let server: BreakableMcpServer;
  beforeAll(async () => {
    issuer = await Issuer.start();
  });
  afterAll(() => issuer.down());
  beforeEach(async () => {
    issuer.metadata = {};
    server = await BreakableMcpServer.start(issuer.url);
  });
  afterEach(() => {
    server.stop();
  });
  return {
    get issuer() {
      return issuer;
    },
    get server() {
      return server;
    },
  };
}

/** Returns a function that answers every request in the same way. */
export function answering(status: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}
