import type { Answer, Asker } from './ask.js';
import { attempt } from './attempt.js';
import { shown } from './challenge.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';
import { isSecure } from './secure-urls.js';
import { parseUrl } from '../url/parse-url.js';
import type { ExaminedServer } from './server-metadata.js';

const CHECK = 'registration';

const CLIENT = {
  client_name: 'nestjs-mcp-auth doctor',
  redirect_uris: ['http://127.0.0.1/callback'],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
};

/** The part of a registered client by which it can be deleted (RFC 7592). */
interface Registered {
  client_id?: unknown;
  registration_client_uri?: unknown;
  registration_access_token?: unknown;
}

/** Registers a client at an authorization server (RFC 7591), and deletes it again if the server offers that. */
export async function tryRegistration(
  asker: Asker,
  { issuer, metadata }: ExaminedServer,
): Promise<readonly Finding[]> {
  const endpoint = metadata?.registrationEndpoint;
  if (typeof endpoint !== 'string' || !isSecure(parseUrl(endpoint))) {
    const finding = skipped(CHECK, 'There is no secure registration_endpoint.');
    return [{ server: issuer, ...finding }];
  }
  const findings = await attempt(CHECK, async () => {
    const answer = await asker.post(endpoint, CLIENT);
    return [answer.status === 201 ? await deleted(asker, endpoint, answer) : rejected(answer)];
  });
  return findings.map((finding) => ({ server: issuer, ...finding }));
}

function rejected({ status, text }: Answer): Finding {
  const { error } = read(text) as { error?: unknown };
  const reason = typeof error === 'string' ? `, error ${shown(error)}` : '';
  const description = `A client without a secret could not be registered (${status}${reason}).`;
  return status === 401 || status === 403
    ? warning(CHECK, description, 'Let clients register without a token, or register them by hand.')
    : problem(CHECK, description, 'Let public clients with a redirect URI on loopback register.');
}

async function deleted(asker: Asker, endpoint: string, { text }: Answer): Promise<Finding> {
  const client = read(text);
  const { client_id: id } = client;
  if (typeof id !== 'string') {
    return problem(
      CHECK,
      'A registered client has no client_id.',
      'Send client_id (RFC 7591, section 3.2.1).',
    );
  }
  const isGone = await tryDeletion(asker, endpoint, client);
  return isGone
    ? ok(CHECK, 'A client could be registered. It is deleted again.')
    : warning(
        CHECK,
        `A client could be registered, but not deleted. It is still there: ${shown(id)}.`,
        'Delete the client at the authorization server.',
      );
}

/** Deletes a client. Sends the token of its registration only to the origin that issued this token. */
async function tryDeletion(asker: Asker, endpoint: string, client: Registered): Promise<boolean> {
  const { registration_client_uri: uri, registration_access_token: token } = client;
  const isOwn = typeof uri === 'string' && parseUrl(uri)?.origin === new URL(endpoint).origin;
  if (!isOwn || typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    return false;
  }
  let status = 0;
  await attempt(CHECK, async () => {
    const headers = { authorization: `Bearer ${token}` };
    ({ status } = await asker.ask(uri, { method: 'DELETE', headers }));
    return [];
  });
  return status >= 200 && status < 300;
}

function read(text: string | undefined): Registered {
  try {
    return Object(JSON.parse(text ?? '')) as Registered;
  } catch {
    return {};
  }
}
