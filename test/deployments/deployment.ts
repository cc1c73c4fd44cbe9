import type { ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { startApp, stopApps, type AdapterName } from '../support/app.js';
import { Issuer } from '../support/issuer.js';
import { McpController } from './mcp.controller.js';
import type { Program } from './programs.js';
import { Proxy } from './proxy.js';
import { Visitor, type Identity } from './visitor.js';

/** An application behind a proxy, and the issuer that it trusts. */
export class Deployment {
  private readonly visitors: Visitor[] = [];

  private constructor(
    readonly controller: McpController,
    private readonly issuer: Issuer,
    private readonly proxy: Proxy,
    private readonly audience: string | undefined,
  ) {}

  /** @param resource - the options of the docs. Only the authorization server is replaced */
  static async start(
    program: Program,
    adapter: AdapterName,
    resource: ProtectedResourceOptions,
  ): Promise<Deployment> {
    const issuer = await Issuer.start();
    const metadata = { ...resource.metadata, authorizationServers: [issuer.url] };
    const { app, url } = await startApp({
      adapter,
      options: { protectedResources: { ...resource, metadata } },
      controllers: [McpController],
    });
    const proxy = await Proxy.start(program, `127.0.0.1:${new URL(url).port}`).catch(
      async (error: unknown) => {
        await stopServers(issuer);
        throw error;
      },
    );
    return new Deployment(app.get(McpController), issuer, proxy, metadata.resource);
  }

  async mint(claims: Record<string, unknown> = {}): Promise<string> {
    return this.issuer.mint({ audience: this.audience, claims });
  }

  /** Returns a new client without a connection. */
  visit(identity?: Identity): Visitor {
    const visitor = new Visitor(this.proxy.port, identity);
    this.visitors.push(visitor);
    return visitor;
  }

  async stop(): Promise<void> {
    await Promise.all(this.visitors.map((visitor) => visitor.hangUp()));
    await this.proxy.stop();
    await stopServers(this.issuer);
  }
}

async function stopServers(issuer: Issuer): Promise<void> {
  await stopApps();
  await issuer.down();
}
