import { TLSSocket } from 'node:tls';
import { Agent, buildConnector, fetch as undiciFetch, type RequestInit as Init } from 'undici';
import { EXAMPLE_COM_SELF_SIGNED } from '../support/self-signed.js';

export type Identity = Record<'cert' | 'key', string>;

/** A client of `https://example.com`, which is the proxy. It has a client certificate or none. */
export class Visitor {
  /** `true` if the last connection resumed the TLS session of an earlier connection. */
  isResuming = false;

  private readonly connect: buildConnector.connector;
  private agent = this.newAgent();

  constructor(
    private readonly port: number,
    identity?: Identity,
  ) {
    this.connect = buildConnector({ ca: EXAMPLE_COM_SELF_SIGNED.cert, ...identity });
  }

  /** Sends a request like `fetch`, also for the clients of MCP. */
  readonly fetch = async (url: string | URL, init: RequestInit = {}): Promise<Response> =>
    await undiciFetch(url, {
      ...(init as Init),
      dispatcher: this.agent,
    });

  /** Closes all connections. The next connection can resume their TLS session. */
  async hangUp(): Promise<void> {
    await this.agent.destroy();
    this.agent = this.newAgent();
  }

  private newAgent(): Agent {
    return new Agent({
      connect: (options, callback) => {
        const here = {
          hostname: '127.0.0.1',
          port: String(this.port),
          servername: options.hostname,
        };
        this.connect({ ...options, ...here }, (...result) => {
          const [, socket] = result;
          this.isResuming = socket instanceof TLSSocket && socket.isSessionReused();
          callback(...result);
        });
      },
    });
  }
}
