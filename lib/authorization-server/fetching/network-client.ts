import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { getOrMake } from '../../cache/get-or-make.js';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import type { NetworkOptions } from '../../options/network.options.js';
import type { TlsClientAuthOptions } from '../../options/tls-client-auth.options.js';
import { clientOf, type SendRequest } from './fetch-client.js';
import {
  connectBy,
  proxyAddress,
  sendOnce,
  type ProxyAddress,
  type ProxyConnection,
} from './proxy-connection.js';

/** The way in which requests are sent. */
export interface RequestClient {
  /** The TLS settings of the built-in client. `undefined` stands for Node's own settings. */
  readonly secureContext: SecureContext | undefined;
  /** Sends requests in place of the built-in client, if the options have a proxy or a `fetch` function. */
  readonly send: SendRequest | undefined;
}

/** The client that the option `network` describes. */
export class NetworkClient implements RequestClient {
  readonly secureContext: SecureContext | undefined;
  readonly send: SendRequest | undefined;
  private readonly proxy: ProxyAddress | undefined;
  private connection: Promise<ProxyConnection> | undefined;
  /** The TLS settings of each certificate. Many authorization servers, such as those of tenants, may share one. */
  private readonly presented = new WeakMap<TlsClientAuthOptions, SecureContext>();

  constructor(private readonly options: NetworkOptions = {}) {
    const { proxy, ca, fetch } = options;
    // The TLS settings are made once, because Node takes about 100 ms to read all certificate authorities.
    this.secureContext = ca === undefined ? undefined : secureContext(ca);
    this.proxy = proxy === undefined ? undefined : proxyAddress(proxy);
    if (fetch !== undefined) {
      this.send = clientOf(fetch);
    } else if (this.proxy !== undefined) {
      const { proxy: address } = this;
      this.send = async (...request) => (await this.connect(address)).send(...request);
    }
  }

  /** @throws McpAuthConfigurationError if the option `proxy` needs `undici`, and `undici` is not installed */
  async load(): Promise<void> {
    if (this.proxy !== undefined) {
      await this.connect(this.proxy);
    }
  }

  async close(): Promise<void> {
    const connection = await this.connection?.catch(() => undefined);
    await connection?.close();
  }

  /**
   * Returns a client that presents a certificate to servers, but not to a proxy. Each of its requests has a
   * connection of its own, so the client need not be closed.
   *
   * @param whose - names the certificate in the message of the error
   * @throws McpAuthConfigurationError if the application's own `fetch` sends the requests
   */
  presenting(certificate: TlsClientAuthOptions, whose: string): RequestClient {
    const { ca, fetch } = this.options;
    if (fetch !== undefined) {
      throw new McpAuthConfigurationError(
        `${whose} cannot be passed to network.fetch, which makes its own connections; remove one of the two. For a proxy or a private certificate authority, use network.proxy and network.ca.`,
      );
    }
    const { secureContext: forProxy, proxy } = this;
    const forServer = getOrMake(this.presented, certificate, () => secureContext(ca, certificate));
    const connect = proxy && (() => connectBy(proxy, { proxy: forProxy, server: forServer }));
    return { secureContext: forServer, send: connect && sendOnce(connect) };
  }

  private connect(address: ProxyAddress): Promise<ProxyConnection> {
    const { secureContext: tls } = this;
    this.connection ??= connectBy(address, { proxy: tls, server: tls });
    return this.connection;
  }
}

function secureContext(
  ca: string | readonly string[] | undefined,
  certificate?: TlsClientAuthOptions,
): SecureContext {
  const trusted = ca === undefined ? undefined : [...rootCertificates, ...[ca].flat()];
  return createSecureContext({ ...certificate, ca: trusted });
}
