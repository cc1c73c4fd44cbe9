import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Interaction, Provider } from 'oidc-provider';
import { messageOf } from '../errors/to-error.js';
import { log } from '../log/log.js';
import { consentFor, resourcesOf, saveGrant } from './consent.js';
import type { DevServerUser } from './dev-server.options.js';
import { errorPage } from './error-page.js';
import { readForm } from './form.js';
import type { OidcProvider } from './oidc-provider.js';
import { PAGE_HEADERS } from './page.js';
import { consentPage, loginPage, type PageRequest } from './pages.js';
import type { ResolvedOptions } from './resolved-options.js';

interface Exchange {
  readonly interaction: Interaction;
  readonly asked: PageRequest;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Answers with the page to sign in, and then with the page to allow or deny access. */
export type InteractionHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

/** Makes the handler of requests to `/interaction/…`. */
export function interactionHandler(
  oidc: OidcProvider,
  provider: Provider,
  { users }: ResolvedOptions,
): InteractionHandler {
  const login = async ({ asked, request, response }: Exchange) => {
    if (request.method !== 'POST') {
      send(response, 200, loginPage(asked, users));
      return;
    }
    const form = await readForm(request);
    const user = users.find(
      ({ username, password }) =>
        username === form.get('username') && password === form.get('password'),
    );
    if (user === undefined) {
      send(response, 401, loginPage(asked, users, form.get('username') ?? ''));
      return;
    }
    await provider.interactionFinished(request, response, { login: { accountId: user.username } });
  };

  const consent = async ({ interaction, asked, request, response }: Exchange) => {
    const user = signedInUser(interaction);
    const scopes = consentFor(interaction, user);
    if (request.method !== 'POST') {
      send(response, 200, consentPage(asked, user.username, scopes));
      return;
    }
    const isAllowed = (await readForm(request)).get('decision') === 'allow';
    const result = isAllowed
      ? { consent: { grantId: await saveGrant(provider, interaction, user, scopes) } }
      : { error: 'access_denied', error_description: 'The user denied access.' };
    await provider.interactionFinished(request, response, result);
  };

  const signedInUser = ({ session }: Interaction): DevServerUser => {
    const user = users.find(({ username }) => username === session?.accountId);
    if (user === undefined) {
      throw new oidc.errors.SessionNotFound('no user is signed in');
    }
    return user;
  };

  return async (request, response) => {
    try {
      const interaction = await provider.interactionDetails(request, response);
      const asked = await pageRequest(provider, interaction);
      const answer = interaction.prompt.name === 'login' ? login : consent;
      await answer({ interaction, asked, request, response });
    } catch (error) {
      const { status, text, isExpected } = errorPage(oidc, error);
      if (!isExpected) {
        log.error(`The development server failed: ${messageOf(error)}`);
      }
      send(response, status, text);
    }
  };
}

/** Reads what the user has to see before allowing access. A client without a name is shown by its identifier. */
async function pageRequest(provider: Provider, interaction: Interaction): Promise<PageRequest> {
  const { client_id: clientId, redirect_uri: redirectUri } = interaction.params;
  const client = await provider.Client.find(String(clientId));
  return {
    client: client?.clientName ?? String(clientId),
    resources: resourcesOf(interaction),
    redirectUri: String(redirectUri),
  };
}

function send(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, PAGE_HEADERS);
  response.end(page);
}
