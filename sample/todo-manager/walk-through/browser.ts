export interface Credentials {
  username: string;
  password: string;
}

/** A minimal browser for signing in. It follows redirects, stores cookies and posts forms. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  /**
   * Opens the authorization URL, signs in, and allows or denies access. Stops when the authorization
   * server sends the user back to the client. Returns the query parameters of the callback URL.
   */
  async authorize(
    start: URL,
    callback: URL,
    { username, password }: Credentials,
    decision: 'allow' | 'deny' = 'allow',
  ): Promise<URLSearchParams> {
    const form = { username, password, decision };
    let { url, response } = await this.follow(start, callback);
    // There is one page to sign in and one page to allow access. There is no page if the user has done both before.
    for (let pages = 0; response && pages < 2; pages += 1) {
      ({ url, response } = await this.follow(url, callback, new URLSearchParams(form)));
    }
    if (response) {
      throw new Error(`Signing in as ${username} ended at ${url.pathname} (${response.status})`);
    }
    return url.searchParams;
  }

  /** Follows redirects. Returns the last URL and its response, or only the URL if that URL is `stop`. */
  private async follow(start: URL, stop: URL, body?: URLSearchParams) {
    let url = start;
    let response = await this.open(url, body);
    for (let location; (location = response.headers.get('location'));) {
      url = new URL(location, url);
      if (url.origin === stop.origin && url.pathname === stop.pathname) return { url };
      response = await this.open(url);
    }
    return { url, response };
  }

  private async open(url: URL, body?: URLSearchParams): Promise<Response> {
    const response = await fetch(url, {
      ...(body && { method: 'POST', body }),
      headers: { cookie: [...this.cookies].map((cookie) => cookie.join('=')).join('; ') },
      redirect: 'manual',
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
      this.cookies.set(name, value);
    }
    return response;
  }
}
