import { jsonObject, text } from './json.js';
import { Problem } from './problem.js';
import { Session } from './session.js';

/**
 * Exchanges the code for an access token (RFC 6749, section 4.1.3).
 *
 * @param {import('./exchange-log.js').ExchangeLog} log
 * @param {import('./authorization.js').AuthorizationRequest} request
 * @param {{ code: string, verifier: string }} grant
 * @returns {Promise<Session>}
 */
export async function exchangeCode(log, request, { code, verifier }) {
  const { server, clientId, redirectUri, resource, scopes } = request;
  const answer = await log.send('Exchange the code for a token', server.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      resource,
      code,
      code_verifier: verifier,
    }),
  });
  const tokens = jsonObject(answer, 'The answer of the token endpoint');
  const token = text(tokens.access_token);
  if (token === '') throw new Problem(whyNot(server.issuer, tokens));
  if (text(tokens.token_type).toLowerCase() !== 'bearer') {
    throw new Problem(`The console cannot use tokens of the type "${text(tokens.token_type)}".`);
  }
  const session = new Session(
    token,
    typeof tokens.scope === 'string' ? tokens.scope.split(' ').filter(Boolean) : scopes,
    typeof tokens.expires_in === 'number' ? Date.now() + 1000 * tokens.expires_in : Infinity,
  );
  const { header, claims } = session;
  if (claims !== undefined) log.decode('What the token says', { header, claims });
  return session;
}

/**
 * @param {string} issuer
 * @param {Record<string, unknown>} answer
 */
function whyNot(issuer, { error, error_description: description }) {
  return error === 'invalid_grant'
    ? 'The code was used before, or it is too old. Sign in again.'
    : `${issuer} issued no token: ${text(description) || text(error) || 'it does not say why'}. Sign in again.`;
}
