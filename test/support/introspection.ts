import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { json, type Answer, type Issuer } from './issuer.js';

export const CLIENT = { clientId: 'notes-api', clientSecret: 'a-secret-of-the-client' };

interface Call {
  headers: IncomingHttpHeaders;
  form: URLSearchParams;
}

/** The introspection endpoint of an {@link Issuer}. Only the tokens of `issue` are active. */
export class IntrospectionEndpoint {
  readonly calls: Call[] = [];
  readonly url: string;
  /** Writes the members of the right answer. */
  respond: (response: ServerResponse, members: object) => void | Promise<void> = json;
  /** The answer to give in place of the right answer. */
  fault: Answer | undefined;
  /** The promise to wait for before each answer. */
  gate: Promise<unknown> = Promise.resolve();
  private readonly known = new Map<string, Record<string, unknown>>();

  constructor(
    private readonly issuer: Issuer,
    readonly path = '/introspect',
  ) {
    this.url = issuer.url + path;
    issuer.metadata = { ...issuer.metadata, introspection_endpoint: this.url };
    issuer.answer(path, (request, response) => void this.answer(request, response));
  }

  /** Returns an opaque token. It is valid, except for what `claims` change. `undefined` leaves a claim out. */
  issue(
    audience: unknown,
    claims: Record<string, unknown> = {},
    token = randomBytes(32).toString('base64url'),
  ): string {
    const now = Math.floor(Date.now() / 1000);
    this.known.set(token, {
      active: true,
      iss: this.issuer.url,
      sub: 'alice',
      aud: audience,
      client_id: 'client-1',
      scope: 'read:notes',
      token_type: 'Bearer',
      iat: now,
      exp: now + 300,
      ...claims,
    });
    return token;
  }

  revoke(token: string): void {
    this.known.delete(token);
  }

  get count(): number {
    return this.calls.length;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    this.calls.push({ headers: request.headers, form });
    await this.gate;
    if (this.fault) {
      this.fault(request, response);
    } else {
      await this.respond(response, this.known.get(form.get('token') ?? '') ?? { active: false });
    }
  }
}
