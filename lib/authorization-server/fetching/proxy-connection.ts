import type { SecureContext } from 'node:tls';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { clientOf, type SendRequest } from './fetch-client.js';

/** A connection to a proxy. */
export interface ProxyConnection {
  readonly send: SendRequest;
  readonly close: () => Promise<void>;
}

/** The proxy that the option `network.proxy` names, in the terms of `undici`. */
export type ProxyAddress = { uri: string } | Record<'httpProxy' | 'httpsProxy' | 'noProxy', string>;

/** The TLS settings for a proxy, and for the servers behind it. `undefined` stands for Node's own settings. */
interface TlsSettings {
  proxy: SecureContext | undefined;
  server: SecureContext | undefined;
}

/** Returns the proxy that the option names. Reads the environment now, not with each connection. */
export function proxyAddress(option: string): ProxyAddress {
  const { env } = process;
  return option === 'environment'
    ? {
        httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
        httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
        noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
      }
    : { uri: option };
}

/** @throws McpAuthConfigurationError if `undici` is not installed */
export async function connectBy(
  address: ProxyAddress,
  { proxy, server }: TlsSettings,
): Promise<ProxyConnection> {
  const { fetch, EnvHttpProxyAgent, ProxyAgent } = await loadUndici();
  const toServer = server && { secureContext: server };
  const options = {
    connect: toServer,
    requestTls: toServer,
    proxyTls: proxy && { secureContext: proxy },
  };
  const dispatcher =
    'uri' in address
      ? new ProxyAgent({ ...address, ...options })
      : new EnvHttpProxyAgent({ ...address, ...options });
  // Node has a copy of `undici` with types of its own, of another version.
  const init = { dispatcher } as unknown as RequestInit;
  return {
    send: clientOf(fetch as unknown as typeof globalThis.fetch, init),
    close: () => dispatcher.destroy(),
  };
}

/** Returns a function that sends each request by a connection of its own, and closes it after the answer. */
export function sendOnce(connect: () => Promise<ProxyConnection>): SendRequest {
  return async (...request) => {
    const { send, close } = await connect();
    try {
      const answer = await send(...request);
      const destroy = () => {
        answer.destroy();
        return close();
      };
      return { ...answer, destroy };
    } catch (error) {
      await close();
      throw error;
    }
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
