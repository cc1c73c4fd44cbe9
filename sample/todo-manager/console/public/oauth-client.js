import { requestCode } from './authorization.js';
import { readAuthorizationServer, readProtectedResource } from './discovery.js';
import { register } from './registration.js';
import { exchangeCode } from './token.js';

/**
 * @typedef {object} Client what is known about the server, from the first challenge on
 * @property {import('./discovery.js').ProtectedResource} resource
 * @property {import('./discovery.js').AuthorizationServer} server
 * @property {string} clientId
 */

/** Gets access tokens for one MCP server. It knows only the URL of the server. */
export class OAuthClient {
  #log;
  #mcp;
  #redirectUri;
  /** @type {Client | undefined} */
  #client;

  /**
   * @param {import('./exchange-log.js').ExchangeLog} log
   * @param {import('./mcp-client.js').McpClient} mcp
   * @param {string} redirectUri
   */
  constructor(log, mcp, redirectUri) {
    this.#log = log;
    this.#mcp = mcp;
    this.#redirectUri = redirectUri;
  }

  /**
   * @param {object} request
   * @param {string[]} [request.scopes] by default those that the server names
   * @param {string} [request.prompt]
   * @param {(url: URL) => void} request.open
   * @param {AbortSignal} request.signal
   * @returns {Promise<import('./session.js').Session>}
   */
  async signIn({ scopes, prompt, open, signal }) {
    const { resource, server, clientId } = await this.#discover();
    const request = {
      server,
      clientId,
      prompt,
      redirectUri: this.#redirectUri,
      resource: resource.resource,
      scopes: scopes ?? resource.scopes,
    };
    return exchangeCode(this.#log, request, await requestCode(this.#log, request, open, signal));
  }

  /**
   * Asks the authorization server to revoke the token (RFC 7009).
   *
   * @param {import('./session.js').Session} session
   * @returns {Promise<import('./signed-out-text.js').Revocation>}
   */
  async revoke(session) {
    const url = this.#client?.server.revocationEndpoint ?? '';
    if (url === '') return 'unsupported';
    const body = session.revocation;
    body.set('client_id', this.#client?.clientId ?? '');
    try {
      const { status } = await this.#log.send('Revoke the token', url, { method: 'POST', body });
      return status === 200 ? 'revoked' : 'failed';
    } catch {
      // The exchange says that there was no answer.
      return 'failed';
    }
  }

  /** Forgets the authorization server and the registration there, because they may be gone. */
  forget() {
    this.#client = undefined;
  }

  /** @returns {Promise<Client>} */
  async #discover() {
    if (this.#client === undefined) {
      const challenge = await this.#mcp.provokeChallenge();
      const resource = await readProtectedResource(this.#log, this.#mcp.endpoint, challenge);
      const server = await readAuthorizationServer(this.#log, resource.issuer);
      const clientId = await register(this.#log, server, this.#redirectUri);
      this.#client = { resource, server, clientId };
    }
    return this.#client;
  }
}
