import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import type { NetworkOptions } from '../../options/network.options.js';
import { clientOf, type SendRequest } from './fetch-client.js';

/** A connection to a proxy. */
interface Connection {
  readonly send: SendRequest;
  readonly close: () => Promise<void>;
}

/** The client that the option `network` asks for. */
export class NetworkClient {
  /** The trusted authorities of the built-in client. `undefined` stands for Node's own. */
  readonly secureContext: SecureContext | undefined;
  /** Sends requests in place of the built-in client, if the options ask for another one. */
  readonly send: SendRequest | undefined;
  private connection: Promise<Connection> | undefined;

  constructor(private readonly options: NetworkOptions = {}) {
    const { proxy, ca, fetch } = options;
    // It is made once, because Node takes about 100 ms to read all authorities.
    this.secureContext =
      ca === undefined
        ? undefined
        : createSecureContext({ ca: [...rootCertificates, ...[ca].flat()] });
    if (fetch !== undefined) {
      this.send = clientOf(fetch);
    } else if (proxy !== undefined) {
      this.send = async (...request) => (await this.connect(proxy)).send(...request);
    }
  }

  /** @throws McpAuthConfigurationError if the options ask for a package that is not installed */
  async load(): Promise<void> {
    const { proxy } = this.options;
    if (proxy !== undefined) {
      await this.connect(proxy);
    }
  }

  async close(): Promise<void> {
    const connection = await this.connection?.catch(() => undefined);
    await connection?.close();
  }

  private connect(proxy: string): Promise<Connection> {
    this.connection ??= connectBy(proxy, this.secureContext);
    return this.connection;
  }
}

async function connectBy(
  proxy: string,
  secureContext: SecureContext | undefined,
): Promise<Connection> {
  const { fetch, EnvHttpProxyAgent, ProxyAgent } = await loadUndici();
  const tls = secureContext && { secureContext };
  const options = { connect: tls, requestTls: tls, proxyTls: tls };
  const dispatcher =
    proxy === 'environment'
      ? new EnvHttpProxyAgent(options)
      : new ProxyAgent({ uri: proxy, ...options });
  const init = { dispatcher } as unknown as RequestInit;
  return {
    send: clientOf(fetch as unknown as typeof globalThis.fetch, init),
    close: () => dispatcher.destroy(),
  };
}

async function loadUndici() {
  try {
    return await import('undici');
  } catch (cause) {
    throw new McpAuthConfigurationError(
      'The option network.proxy needs the package "undici", which is not installed: npm install undici@7.',
      { cause },
    );
  }
}
