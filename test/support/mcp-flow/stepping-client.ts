import type { StoredOAuthTokens } from '@modelcontextprotocol/client';
import { decodeJwt } from 'jose';
import { Browser, type Credentials } from '../../../sample/todo-manager/walk-through/browser.js';
import { OAuthClient } from '../../../sample/todo-manager/walk-through/oauth-client.js';
import { Wire } from '../../../sample/walk-through/wire.js';
import { CLIENTS, type TestClient } from './clients.js';

/** A client of an MCP SDK, and the user whom the SDK sends to log in. */
export class SteppingClient {
  private readonly sentTo: URL[] = [];
  private readonly oauth = new OAuthClient('Test', (url) => void this.sentTo.push(url));
  private readonly client: TestClient;

  constructor(
    private readonly kind: keyof typeof CLIENTS,
    endpoint: URL,
    private readonly user: Credentials,
  ) {
    this.client = CLIENTS[kind](endpoint, this.oauth, new Wire());
  }

  /** The number of times that the user was sent to log in. */
  get logins(): number {
    return this.sentTo.length;
  }

  /** The scopes of the SDK's last authorization request, without `offline_access`, which version 2 adds by itself. */
  get asked(): string[] {
    const asked = scopesIn(this.sentTo.at(-1)?.searchParams.get('scope'));
    return asked.filter((scope) => scope !== 'offline_access');
  }

  /** The scopes of the access token, without `offline_access`. */
  get scopes(): string[] {
    const { scope, scp } = decodeJwt(this.oauth.tokens()?.access_token ?? '');
    return scopesIn(scope ?? scp).filter((name) => name !== 'offline_access');
  }

  async connect(): Promise<void> {
    await this.client.connect();
  }

  async callTool(name: string): Promise<unknown> {
    return (await this.client.callTool(name)).content;
  }

  /** Returns `true` if an attempt ends with the user being sent to log in. */
  async isSentToLogIn(attempt: () => Promise<unknown>): Promise<boolean> {
    const error: unknown = await attempt().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return this.client.isSentToLogIn(error);
  }

  /** Logs the user in, consents, and lets the client get its tokens. */
  async logIn(): Promise<void> {
    const url = this.sentTo.at(-1) ?? new URL('about:blank');
    const callback = new URL(this.oauth.redirectUrl);
    await this.client.finishAuth(await new Browser().authorize(url, callback, this.user));
    if (this.kind.includes('sdk v1')) {
      // At a step-up, this SDK would use the refresh token. That adds no scope, so the SDK would give up.
      const tokens = { ...this.oauth.tokens(), refresh_token: undefined };
      this.oauth.saveTokens(tokens as StoredOAuthTokens);
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

function scopesIn(scope: unknown): string[] {
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [];
}
