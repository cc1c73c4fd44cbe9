import type { INestApplication } from '@nestjs/common';
import type { AuthorizationServerOptions, ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { call } from '../../support/mcp/wire.js';
import { freePort } from '../../support/mcp-flow/free-port.js';
import { ADAPTERS, SCOPES, startWhoamiApp } from '../../support/mcp-flow/whoami-app.js';

export type Adapter = keyof typeof ADAPTERS;
export const adapters = Object.keys(ADAPTERS) as Adapter[];

/** An application with this library. Its resource identifier is known before the application starts. */
export class ProtectedApp {
  readonly resource: string;

  private app?: INestApplication;

  private constructor(private readonly port: number) {
    this.resource = `http://localhost:${port}/mcp`;
  }

  static async prepare(): Promise<ProtectedApp> {
    return new ProtectedApp(await freePort());
  }

  /** @param options - the options of the docs. The resource, its scopes and the issuer are replaced */
  async start(
    adapter: Adapter,
    issuer: string,
    { metadata, ...options }: ProtectedResourceOptions,
  ): Promise<void> {
    const { port, resource } = this;
    const [server] = metadata.authorizationServers as object[];
    const authorizationServers = [{ ...server, issuer } as AuthorizationServerOptions];
    const here = { ...metadata, resource, authorizationServers, scopesSupported: SCOPES };
    const more = { ...options, metadata: here };
    this.app = await startWhoamiApp(adapter, { port, resource, issuer }, more);
  }

  /** Returns the status, and the reason of a rejection. */
  async answer(token: string): Promise<[status: number, reason?: string]> {
    const response = await fetch(`${this.resource}/v2`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify(call('tools/list')),
    });
    await response.text();
    const challenge = response.headers.get('www-authenticate') ?? '';
    const [, reason] = /error_description="([^"]+)"/.exec(challenge) ?? [];
    return reason === undefined ? [response.status] : [response.status, reason];
  }

  async stop(): Promise<void> {
    await this.app?.close();
  }
}
