import { jsonObject, text } from './json.js';
import { Problem } from './problem.js';

/**
 * Registers this page as a public client (RFC 7591). It asks for no refresh token.
 *
 * @param {import('./exchange-log.js').ExchangeLog} log
 * @param {import('./discovery.js').AuthorizationServer} server
 * @param {string} redirectUri
 * @returns {Promise<string>} the client identifier
 */
export async function register(log, { issuer, registrationEndpoint }, redirectUri) {
  if (registrationEndpoint === '') {
    throw new Problem(
      `${issuer} does not register clients that it does not know. Use an MCP client that is registered there.`,
    );
  }
  const answer = await log.send('Register this page as a client', registrationEndpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Todo manager console',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    }),
  });
  const clientId = text(jsonObject(answer, 'The answer to the registration').client_id);
  if (clientId === '') {
    throw new Problem(`${issuer} did not register this page (status ${answer.status}).`);
  }
  return clientId;
}
