import type { Credentials } from '../../../sample/todo-manager/walk-through/browser.js';

/** A session of a user at Glewlwyd. The pages of Glewlwyd are scripts, so this class sends the requests of these scripts. */
export class GlewlwydSession {
  private cookie = '';

  private constructor(private readonly origin: string) {}

  static async logIn(origin: string, credentials: Credentials): Promise<GlewlwydSession> {
    const session = new GlewlwydSession(origin);
    const { headers } = await session.send('POST', '/api/auth/', credentials);
    [session.cookie = ''] = headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
    return session;
  }

  /** Sends a request. Throws an error if the answer is an error. */
  async send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(new URL(path, this.origin), {
      method,
      headers: { cookie: this.cookie, ...(body !== undefined && JSON_TYPE) },
      body: JSON.stringify(body),
      redirect: 'manual',
    });
    if (response.status >= 400) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response;
  }

  /** Consents to the request of a client. Returns the query parameters of its callback URL. */
  async authorize(start: URL): Promise<URLSearchParams> {
    const { searchParams } = start;
    const clientId = encodeURIComponent(searchParams.get('client_id') ?? '');
    const scope = searchParams.get('scope');
    await this.send('PUT', `/api/auth/grant/${clientId}/`, { scope });
    const { headers } = await this.send('GET', `${start.href}&g_continue`);
    return new URL(headers.get('location') ?? '').searchParams;
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };
