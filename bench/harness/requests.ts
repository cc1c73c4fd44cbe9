/** A request made of bytes, sent over and over; each server goes round its own. */
export class Requests {
  private position = 0;

  constructor(
    protected buffers: readonly Buffer[],
    readonly status: number,
  ) {}

  /** Makes what has to be made before so many are sent; that is not measured. */
  prepare(_count: number): void {
    // Nothing, where all are sent over and over.
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

/** Requests of which each is sent once. */
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
