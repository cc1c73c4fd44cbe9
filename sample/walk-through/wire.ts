export interface Exchange {
  method: string;
  url: string;
  status: number;
  headers: Headers;
  /** The body of the answer; empty if the answer is not JSON. */
  body: Record<string, unknown>;
}

/** A `fetch` that records requests and responses, so that a step can show and check them. */
export class Wire {
  private readonly exchanges: Exchange[] = [];

  readonly fetch = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    this.exchanges.push({
      method: init?.method ?? 'GET',
      url: String(input),
      status: response.status,
      headers: response.headers,
      body: isJson ? ((await response.clone().json()) as Record<string, unknown>) : {},
    });
    return response;
  };

  /** Returns the latest exchange that matches. Throws if there is none. */
  find(what: string, matches: (exchange: Exchange) => boolean): Exchange {
    const found = this.exchanges.findLast(matches);
    if (!found) throw new Error(`the client was not seen to ${what}`);
    return found;
  }
}
