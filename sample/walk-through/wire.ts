export interface Exchange {
  method: string;
  url: string;
  status: number;
  headers: Headers;
  /** The body of the answer, if it was JSON. */
  body: Record<string, unknown>;
}

/** A `fetch` that keeps what went over the wire, so that it can be shown and checked. */
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

  /** The latest exchange of its kind; that there is one is the first thing a step checks. */
  find(what: string, matches: (exchange: Exchange) => boolean): Exchange {
    const found = this.exchanges.findLast(matches);
    if (!found) throw new Error(`the client was not seen to ${what}`);
    return found;
  }
}
