import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, type Answer } from '../../support/issuer.js';
import { badAnswers } from '../../support/faults.js';
import type { SigningKey } from './signing-key.js';

const METADATA = '/.well-known/oauth-authorization-server';
const JWKS = '/jwks';

/** An authorization server whose faults and keys are set by the soak. */
export class AuthorizationServer {
  issuer = '';
  /** For each document, the times in milliseconds of the requests that were answered correctly. */
  readonly fetches = timesOfEach();
  /** For each document, the times in milliseconds of the requests that were answered with a fault. */
  readonly failures = timesOfEach();
  private server: Server | undefined;
  private port = 0;
  private keys: SigningKey[] = [];
  private fault: Answer | undefined;

  /** Replaces the keys of the JWK Set. */
  publish(...keys: SigningKey[]): void {
    this.keys = keys;
  }

  /** Answers correctly from now on. */
  async up(): Promise<void> {
    this.fault = undefined;
    await this.listen();
  }

  /** Closes all connections, and refuses new ones. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** Answers every request with this fault of test/support/faults.ts from now on. */
  async fail(name: string): Promise<void> {
    const fault = badAnswers[name];
    if (fault === undefined) {
      throw new Error(`test/support/faults.ts has no "${name}".`);
    }
    this.fault = fault;
    await this.listen();
  }

  /** Listens. After the first time, the port is the same as before. */
  private async listen(): Promise<void> {
    if (this.server !== undefined) {
      return;
    }
    const server = createServer((request, response) => {
      const { url = '' } = request;
      (this.fault ? this.failures : this.fetches).get(url)?.push(performance.now());
      response.setHeader('Cache-Control', 'max-age=60');
      const answer = this.fault ?? this.answers[url];
      if (answer) {
        answer(request, response);
      } else {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    this.issuer = `http://localhost:${this.port}`;
  }

  private readonly answers: Record<string, Answer> = {
    [METADATA]: (_, response) =>
      json(response, {
        issuer: this.issuer,
        authorization_endpoint: `${this.issuer}/authorize`,
        token_endpoint: `${this.issuer}/token`,
        jwks_uri: `${this.issuer}${JWKS}`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
      }),
    [JWKS]: (_, response) => json(response, { keys: this.keys.map(({ jwk }) => jwk) }),
  };
}

function timesOfEach(): ReadonlyMap<string, number[]> {
  return new Map([METADATA, JWKS].map((path) => [path, []]));
}
