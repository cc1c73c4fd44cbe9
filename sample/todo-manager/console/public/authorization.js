import { receiveAnswer } from './answer-channel.js';
import { challengeOf, randomText } from './pkce.js';
import { Problem } from './problem.js';

/**
 * @typedef {object} AuthorizationRequest
 * @property {import('./discovery.js').AuthorizationServer} server
 * @property {string} clientId
 * @property {string} redirectUri
 * @property {string} resource
 * @property {string[]} scopes
 * @property {string} [prompt] `login` asks for a user name even if somebody is signed in
 */

/**
 * Asks the user at the authorization server, in a window of its own. The `state` and the `code_verifier` are in
 * memory only.
 *
 * @param {import('./exchange-log.js').ExchangeLog} log
 * @param {AuthorizationRequest} request
 * @param {(url: URL) => void} open opens the window
 * @param {AbortSignal} signal
 * @returns {Promise<{ code: string, verifier: string }>}
 */
export async function requestCode(log, request, open, signal) {
  const verifier = randomText();
  const state = randomText();
  const url = new URL(request.server.authorizationEndpoint);
  const parameters = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    resource: request.resource,
    scope: request.scopes.join(' '),
    state,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: 'S256',
    ...(request.prompt !== undefined && { prompt: request.prompt }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);

  signal.throwIfAborted();
  const answered = receiveAnswer(state, signal);
  log.browse('Ask the user, in a window', url.origin + url.pathname, url.searchParams);
  open(url);
  const answer = await answered;
  log.browse('The answer to that', request.redirectUri, answer);
  return { code: codeOf(answer, request.server), verifier };
}

/**
 * @param {URLSearchParams} answer
 * @param {import('./discovery.js').AuthorizationServer} server
 */
function codeOf(answer, { issuer, sendsIssuer }) {
  // Before anything else: an answer of another server says nothing (RFC 9207, section 2.4).
  const from = answer.get('iss');
  if (from === null ? sendsIssuer : from !== issuer) {
    throw new Problem(
      `The answer does not come from ${issuer}${from === null ? '' : `, but from ${from}`}. It was thrown away. Sign in again.`,
    );
  }
  const error = answer.get('error');
  if (error === 'access_denied') {
    throw new Problem('Access was denied, so there is no token. Sign in again to allow it.');
  }
  const code = answer.get('code');
  if (error !== null || code === null) {
    const reason = answer.get('error_description') ?? error ?? 'there is no code';
    throw new Problem(`The authorization server did not let you in: ${reason}. Sign in again.`);
  }
  return code;
}
