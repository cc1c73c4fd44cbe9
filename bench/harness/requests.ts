/** Prepared requests that are sent in turn, again and again. Servers that share them also share the position. */
export class Requests {
  private position = 0;

  constructor(
    protected buffers: readonly Buffer[],
    readonly status: number,
  ) {}

  /** Prepares for sending `count` requests. The time that this takes is not measured. */
  prepare(_count: number): void {
    // These requests are already prepared, and are sent again and again.
  }

  get size(): number {
    return this.buffers.length;
  }

  next(): Buffer {
    this.position = (this.position + 1) % this.buffers.length;
    return this.buffers[this.position] as Buffer;
  }

  static get(path: string, headers: Record<string, string> = {}): Buffer {
    const fields = Object.entries({ Host: 'api.example.com', ...headers });
    return Buffer.from(
      `GET ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    );
  }

  static post(path: string, body: string, headers: Record<string, string> = {}): Buffer {
    const fields = {
      Host: 'api.example.com',
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  }

  static withTokens(tokens: readonly string[], status = 200, path = '/notes'): Requests {
    const buffers = tokens.map((token) => Requests.get(path, { Authorization: `Bearer ${token}` }));
    return new Requests(buffers, status);
  }
}

/** Requests that are sent only once each. They are created before each slice. */
export class FreshRequests extends Requests {
  constructor(
    private readonly make: () => Buffer,
    status = 200,
  ) {
    super([], status);
  }

  override prepare(count: number): void {
    this.buffers = Array.from({ length: count }, this.make);
  }
}
