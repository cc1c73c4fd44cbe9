import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import type { User } from '../../authorization-server/options.js';
import { Browser } from './browser.js';
import { OAuthClient } from './oauth-client.js';
import { Wire } from '../../walk-through/wire.js';

/** Somebody at an MCP client. All of OAuth is the MCP SDK's own doing; the person is scripted. */
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
    private readonly user: User,
  ) {}

  /** Connects without a token, up to where the SDK wants to send the user to log in. */
  async arrive(): Promise<void> {
    try {
      await this.client.connect(this.transport());
    } catch (error) {
      if (error instanceof UnauthorizedError && this.authorizationUrl) return;
      throw error;
    }
    throw new Error('the server let in a client without a token');
  }

  /** Logs in where the SDK has sent the user, up to where the browser is sent back. */
  async logIn(): Promise<void> {
    if (!this.authorizationUrl) throw new Error('the client has not asked to log in');
    const callback = new URL(this.oauth.redirectUrl);
    this.answer = await new Browser().authorize(this.authorizationUrl, callback, this.user);
  }

  /** Gives the SDK what the browser came back with; connects, unless it is, with the token it gets. */
  async connect(): Promise<void> {
    await this.transport().finishAuth(this.answer);
    if (!this.client.transport) await this.client.connect(this.transport());
  }

  /** Calls a tool that the token does not allow, up to where the SDK sends the user to log in again. */
  async callForMore(tool: string, args: Record<string, unknown>): Promise<string> {
    const answer: unknown = await this.call(tool, args).catch((error: unknown) => error);
    if (!(answer instanceof UnauthorizedError)) throw new Error(`${tool} was not refused`);
    const refusal = this.wire.find('be refused with 403', ({ status }) => status === 403);
    return refusal.headers.get('www-authenticate') ?? '';
  }

  get accessToken(): string {
    return this.oauth.tokens()?.access_token ?? '';
  }

  /** Calls a tool; tells its answer, and whether the answer is a refusal. */
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
