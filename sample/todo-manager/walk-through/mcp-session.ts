import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import type { DevServerUser } from 'nestjs-mcp-auth/dev-server';
import { Browser } from './browser.js';
import { OAuthClient } from './oauth-client.js';
import { Wire } from '../../walk-through/wire.js';

/** A scripted user of an MCP client. The MCP SDK itself does everything that belongs to OAuth. */
export class McpSession {
  readonly wire = new Wire();
  authorizationUrl?: URL;
  private answer = new URLSearchParams();

  private readonly client = new Client({ name: 'walk-through', version: '1.0.0' });
  private readonly oauth = new OAuthClient('Todo walk-through', (url) => {
    this.authorizationUrl = url;
  });

  constructor(
    private readonly endpoint: URL,
    private readonly user: DevServerUser,
  ) {}

  /** Connects without a token. Stops when the SDK wants to send the user to the login page. */
  async arrive(): Promise<void> {
    try {
      await this.client.connect(this.transport());
    } catch (error) {
      if (error instanceof UnauthorizedError && this.authorizationUrl) return;
      throw error;
    }
    throw new Error('the server accepted a client without a token');
  }

  /** Logs in at the page to which the SDK has sent the user. Stops when the browser is sent back. */
  async logIn(): Promise<void> {
    if (!this.authorizationUrl) throw new Error('the client has not asked to log in');
    const callback = new URL(this.oauth.redirectUrl);
    this.answer = await new Browser().authorize(this.authorizationUrl, callback, this.user);
  }

  /** Passes the answer of the browser to the SDK, which gets a token. Connects, if the client is not connected yet. */
  async connect(): Promise<void> {
    await this.transport().finishAuth(this.answer);
    if (!this.client.transport) await this.client.connect(this.transport());
  }

  /** Calls a tool that the token does not allow. Stops when the SDK sends the user to log in again. */
  async callForMore(tool: string, args: Record<string, unknown>): Promise<string> {
    const answer: unknown = await this.call(tool, args).catch((error: unknown) => error);
    if (!(answer instanceof UnauthorizedError)) throw new Error(`${tool} was not rejected`);
    const refusal = this.wire.find('be rejected with 403', ({ status }) => status === 403);
    return refusal.headers.get('www-authenticate') ?? '';
  }

  get accessToken(): string {
    return this.oauth.tokens()?.access_token ?? '';
  }

  /** Calls a tool. Returns the text of its answer, and `isError` if the tool failed. */
  async call(tool: string, args: Record<string, unknown> = {}) {
    const { content, isError = false } = await this.client.callTool({
      name: tool,
      arguments: args,
    });
    const [first] = content;
    return { text: first?.type === 'text' ? first.text : '', isError };
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private transport(): StreamableHTTPClientTransport {
    return new StreamableHTTPClientTransport(this.endpoint, {
      authProvider: this.oauth,
      fetch: this.wire.fetch,
    });
  }
}
