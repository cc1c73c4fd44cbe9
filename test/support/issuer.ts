import { randomUUID, type webcrypto } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';
import { secret } from './leaks/secret.js';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** A function that answers a request. A test replaces it to show a fault. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface MintOptions {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  /** The resource the token is for. */
  audience?: string | string[];
  key?: webcrypto.CryptoKey;
}

export interface IssuerOptions {
  algorithm?: string;
  /** The path of its identifier. */
  path?: string;
}

/**
 * A stand-in for an authorization server. It mints valid and invalid tokens, and answers as a test wants. Other
 * tests run the real flows against a real authorization server.
 */
export class Issuer {
  readonly requests: string[] = [];
  url = '';
  kid = '';
  metadata: Record<string, unknown> = {};
  extraKeys: JWK[] = [];
  /** The header fields of every answer. */
  headers: Record<string, string> = {};
  private readonly arrivals = new EventEmitter();
  private readonly answers = new Map<string, Answer>();
  private server: Server | undefined;
  private keys!: KeyPair;
  private port = 0;
  private readonly algorithm: string;
  private readonly path: string;

  /** Makes an issuer without a key. It does not listen until `begin`. */
  constructor({ algorithm = 'ES256', path = '' }: IssuerOptions = {}) {
    this.algorithm = algorithm;
    this.path = path;
  }

  static async start(options: IssuerOptions = {}): Promise<Issuer> {
    const issuer = new Issuer(options);
    await issuer.begin();
    return issuer;
  }

  /** Starts with a new key, on a new port, and without the changes of earlier tests. */
  async begin(): Promise<void> {
    this.requests.length = 0;
    this.metadata = {};
    this.extraKeys = [];
    this.headers = {};
    this.answers.clear();
    this.port = 0;
    await this.rotate();
    await this.up();
  }

  get privateKey(): webcrypto.CryptoKey {
    return this.keys.privateKey;
  }

  async publicJwk(): Promise<JWK> {
    return {
      ...(await exportJWK(this.keys.publicKey)),
      kid: this.kid,
      alg: this.algorithm,
      use: 'sig',
    };
  }

  /** Replaces the key. The id of the new key is new, unless `kid` is given. */
  async rotate(
    kid = `key-${this.requests.length}-${Math.random().toString(36).slice(2)}`,
  ): Promise<void> {
    this.keys = await generateKeyPair(this.algorithm, { extractable: true });
    this.kid = kid;
  }

  /** Returns a token. It is valid, except for what the options change. `undefined` leaves a claim out. */
  async mint({ header, claims, audience, key }: MintOptions = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: this.url,
      sub: 'alice',
      aud: audience,
      client_id: 'client-1',
      jti: randomUUID(),
      iat: now,
      exp: now + 300,
      ...claims,
    } as JWTPayload;
    return secret(
      await new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
        .setProtectedHeader({ alg: this.algorithm, kid: this.kid, typ: 'at+jwt', ...header })
        .sign(key ?? this.keys.privateKey),
    );
  }

  /** Changes the answer to requests for `path`. `undefined` restores the usual answer. */
  answer(path: string, answer: Answer | undefined): void {
    if (answer) {
      this.answers.set(path, answer);
    } else {
      this.answers.delete(path);
    }
  }

  /** Listens. After `down`, the port is the same as before. */
  async up(): Promise<void> {
    this.server = createServer((request, response) => void this.handle(request, response));
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    this.url = `http://localhost:${this.port}${this.path}`;
  }

  /** Refuses connections. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  count(part: string): number {
    return this.requests.filter((url) => url.includes(part)).length;
  }

  /** Waits until this number of requests has come in for URLs that contain `part`. */
  async arrived(part: string, times: number): Promise<void> {
    while (this.count(part) < times) {
      await once(this.arrivals, 'request');
    }
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    this.requests.push(url);
    this.arrivals.emit('request');
    response.setHeaders(new Map(Object.entries(this.headers)));
    const answer = this.answers.get(url);
    if (answer) {
      answer(request, response);
    } else if (url === `${this.path}/.well-known/openid-configuration`) {
      json(response, { issuer: this.url, ...this.endpoints(), ...this.metadata });
    } else if (url === `${this.path}/jwks`) {
      json(response, { keys: [await this.publicJwk(), ...this.extraKeys] });
    } else {
      response.writeHead(404).end();
    }
  }

  private endpoints(): Record<string, unknown> {
    return {
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      jwks_uri: `${this.url}/jwks`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      client_id_metadata_document_supported: true,
      registration_endpoint: `${this.url}/register`,
      authorization_response_iss_parameter_supported: true,
    };
  }
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
