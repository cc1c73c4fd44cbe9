import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Interaction, Provider } from 'oidc-provider';
import { consentFor, saveGrant } from './consent.js';
import { readForm } from './form.js';
import { errors } from './oidc-provider.js';
import type { AuthorizationServerOptions, User } from './options.js';
import { consentPage, errorPage, loginPage } from './pages.js';

interface Exchange {
  interaction: Interaction;
  /** The name of the client, for the pages. A client without a name has its identifier here. */
  client: string;
  request: IncomingMessage;
  response: ServerResponse;
}

/** Returns a function that answers with the page to sign in, and then with the page to allow or deny access. */
export function interactionHandler(provider: Provider, { users }: AuthorizationServerOptions) {
  const login = async ({ client, request, response }: Exchange) => {
    if (request.method !== 'POST') {
      send(response, 200, loginPage(client, users));
      return;
    }
    const form = await readForm(request);
    const user = users.find(
      ({ username, password }) =>
        username === form.get('username') && password === form.get('password'),
    );
    if (!user) {
      const failed = {
        error: 'Wrong user name or password.',
        username: form.get('username') ?? '',
      };
      send(response, 401, loginPage(client, users, failed));
      return;
    }
    await provider.interactionFinished(request, response, {
      login: { accountId: user.username },
    });
  };

  const consent = async ({ interaction, client, request, response }: Exchange) => {
    const user = signedInUser(interaction, users);
    const { granted, refused } = consentFor(interaction, user);
    if (request.method !== 'POST') {
      const { username } = user;
      const asked = consentQuestion(interaction);
      send(response, 200, consentPage({ client, username, granted, refused, ...asked }));
      return;
    }
    const allowed = (await readForm(request)).get('decision') === 'allow';
    const result = allowed
      ? { consent: { grantId: await saveGrant(provider, interaction, user, { granted, refused }) } }
      : { error: 'access_denied', error_description: 'The user denied access.' };
    await provider.interactionFinished(request, response, result);
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const interaction = await provider.interactionDetails(request, response);
      const clientId = String(interaction.params.client_id);
      const client = (await provider.Client.find(clientId))?.clientName ?? clientId;
      const answer = interaction.prompt.name === 'login' ? login : consent;
      await answer({ interaction, client, request, response });
    } catch (error) {
      // These errors are expected, such as an expired interaction. Any other error is a bug of this server.
      const known = error instanceof errors.OIDCProviderError;
      if (!known) console.error(error);
      const message = known ? error.error_description : undefined;
      send(response, known ? 400 : 500, errorPage(message ?? 'Something went wrong.'));
    }
  };
}

/** Reads the resources and the redirect URI, which the user has to see before allowing access. */
function consentQuestion({ params }: Interaction) {
  return {
    resources: [params.resource ?? []].flat().map(String),
    redirectUri: String(params.redirect_uri),
  };
}

function signedInUser(interaction: Interaction, users: readonly User[]): User {
  const user = users.find(({ username }) => username === interaction.session?.accountId);
  if (!user) throw new errors.SessionNotFound('no user is signed in');
  return user;
}

function send(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    // The pages ask for consent, so no other site may frame them.
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(page);
}
