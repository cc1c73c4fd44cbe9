import { randomUUID } from 'node:crypto';
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http';
import { json } from 'node:stream/consumers';
import { Controller, Get, Post, UseGuards } from '@nestjs/common';
import {
  AuthInfo,
  BearerAuthGuard,
  OptionalAuth,
  RequireScopes,
  type DpopMode,
  type DpopOptions,
  type McpAuthModuleOptions,
} from 'nestjs-mcp-auth';
import { oneResource, RESOURCE, startApp, type AdapterName, type AppOptions } from '../app.js';
import { Issuer } from '../issuer.js';
import { DpopKey } from './key.js';
import type { Case, Made, Sent } from './refusals.js';

@Controller()
export class NotesController {
  @Get('notes') list(@AuthInfo('subject') subject: string) {
    return { subject };
  }

  @Post('notes') add() {
    return {};
  }

  @Get('notes/:name') one() {
    return {};
  }

  @Get('twice') @UseGuards(BearerAuthGuard) twice(@AuthInfo('subject') subject: string) {
    return { subject };
  }

  @Get('admin') @RequireScopes('admin') admin() {
    return {};
  }

  @Get('maybe') @OptionalAuth() maybe(@AuthInfo() caller?: AuthInfo) {
    return { subject: caller?.subject ?? 'anonymous' };
  }
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** An issuer of bound tokens, the keys of clients, and applications that accept the tokens. */
export class Laboratory {
  private constructor(
    private readonly adapter: AdapterName,
    readonly issuer: Issuer,
    readonly made: Omit<Made, 'token'>,
  ) {}

  static async open(adapter: AdapterName): Promise<Laboratory> {
    const [issuer, key, other, rsa] = await Promise.all([
      Issuer.start(),
      DpopKey.make(),
      DpopKey.make(),
      DpopKey.make('RS256'),
    ]);
    return new Laboratory(adapter, issuer, { key, other, rsa });
  }

  /** Starts a new application, and returns its URL. */
  async start(
    dpop: DpopMode | DpopOptions,
    module: Partial<McpAuthModuleOptions> = {},
    app: Partial<AppOptions> = {},
  ): Promise<string> {
    const options = { ...oneResource(this.issuer.url, { dpop }), ...module };
    const controllers = [NotesController];
    return (await startApp({ adapter: this.adapter, options, controllers, ...app })).url;
  }

  /** Returns a token with this `cnf`; by default, the token is bound to the key of the client. `null` omits `cnf`. */
  async mint(
    cnf: unknown = { jkt: this.made.key.jkt },
    claims: Record<string, unknown> = {},
  ): Promise<string> {
    const bound = cnf === null ? {} : { cnf };
    return this.issuer.mint({
      audience: RESOURCE,
      claims: { ...bound, jti: randomUUID(), ...claims },
    });
  }

  async make(make: Case[2], token?: string): Promise<Sent> {
    return make({ ...this.made, token: token ?? (await this.mint()) });
  }
}

/** Sends a request unchanged. `fetch` would resolve dot segments in the path, and join header fields of one name. */
export async function send(
  url: string,
  { path = '/notes', method = 'GET', ...headers }: Sent,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname,
      port,
      path,
      method,
      headers: headers as OutgoingHttpHeaders,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      json(response).then(
        (body) => resolve({ status, headers, body: body as Answer['body'] }),
        reject,
      );
    });
    request.end();
  });
}
