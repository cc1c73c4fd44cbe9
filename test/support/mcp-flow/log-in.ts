import type { OAuthClientProvider } from '@modelcontextprotocol/client';
import { Browser, type Credentials } from '../../../sample/todo-manager/walk-through/browser.js';
import { OAuthClient } from '../../../sample/todo-manager/walk-through/oauth-client.js';
import { Wire } from '../../../sample/walk-through/wire.js';
import { CLIENTS, type TestClient } from './clients.js';

export interface LoggedIn {
  client: TestClient;
  wire: Wire;
  oauth: OAuthClient;
  /** The URL to which the SDK sent the user. */
  authorizationUrl: URL;
}

export interface LogInOptions {
  clientMetadataUrl?: string;
  /** The resource for which the token is requested, in place of the resource in the server's metadata. */
  forResource?: string;
  /** The members that the application adds to the provider of the SDK. */
  provider?: Partial<OAuthClientProvider>;
  /** Logs the user in. The default understands only login pages that are plain forms. */
  browser?: Pick<Browser, 'authorize'>;
}

/** Connects a client without a token. The client is rejected, sends the user to the login page, and gets a token. */
export async function authorize(
  kind: keyof typeof CLIENTS,
  endpoint: string,
  user: Credentials,
  { clientMetadataUrl, forResource, provider, browser = new Browser() }: LogInOptions = {},
): Promise<LoggedIn> {
  const wire = new Wire();
  let authorizationUrl: URL | undefined;
  const oauth = new OAuthClient('Test', (url) => {
    authorizationUrl = url;
  });
  Object.assign(oauth, {
    ...(clientMetadataUrl && { clientMetadataUrl }),
    ...(forResource && { validateResourceURL: () => Promise.resolve(new URL(forResource)) }),
    ...provider,
  });
  const client = CLIENTS[kind](new URL(endpoint), oauth, wire);

  const refusal: unknown = await client.connect().then(
    () => new Error('let in without a token'),
    (error: unknown) => error,
  );
  if (!client.isSentToLogIn(refusal) || !authorizationUrl) throw refusal;
  const callback = new URL(oauth.redirectUrl);
  await client.finishAuth(await browser.authorize(authorizationUrl, callback, user));
  return { client, wire, oauth, authorizationUrl };
}

/** Runs {@link authorize}, and connects the client with the token. */
export async function logIn(...args: Parameters<typeof authorize>): Promise<LoggedIn> {
  const session = await authorize(...args);
  await session.client.connect();
  return session;
}
