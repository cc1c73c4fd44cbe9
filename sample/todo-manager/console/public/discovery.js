import { jsonObject, text, texts, webUrl } from './json.js';
import { Problem } from './problem.js';

/**
 * @typedef {object} ProtectedResource
 * @property {string} resource
 * @property {string} name
 * @property {string} issuer the first of its authorization servers
 * @property {string[]} scopes
 */

/**
 * @typedef {object} AuthorizationServer
 * @property {string} issuer
 * @property {string} authorizationEndpoint
 * @property {string} tokenEndpoint
 * @property {string} registrationEndpoint
 * @property {string} revocationEndpoint
 * @property {boolean} sendsIssuer
 */

/**
 * Reads the protected resource metadata that a challenge names (RFC 9728).
 *
 * @param {import('./exchange-log.js').ExchangeLog} log
 * @param {string} endpoint
 * @param {import('./challenge.js').Challenge} challenge
 * @returns {Promise<ProtectedResource>}
 */
export async function readProtectedResource(log, endpoint, { resourceMetadata = '', scopes }) {
  if (webUrl(resourceMetadata) === '') {
    throw new Problem('The challenge does not say where the protected resource metadata is.');
  }
  const answer = await log.send('Read the protected resource metadata', resourceMetadata);
  const metadata = jsonObject(answer, 'The protected resource metadata');
  const resource = text(metadata.resource);
  assertCovers(resource, endpoint);
  const issuer = webUrl(texts(metadata.authorization_servers)[0]);
  if (issuer === '') {
    throw new Problem('The resource names no authorization server, so nobody can sign in.');
  }
  return {
    resource,
    name: text(metadata.resource_name) || resource,
    issuer,
    scopes: scopes.length > 0 ? scopes : texts(metadata.scopes_supported),
  };
}

/**
 * @param {string} resource
 * @param {string} endpoint
 */
function assertCovers(resource, endpoint) {
  const base = URL.canParse(resource) ? new URL(resource) : undefined;
  const url = new URL(endpoint);
  const folder = base?.pathname.replace(/\/?$/, '/') ?? '/';
  if (base?.origin === url.origin && `${url.pathname}/`.startsWith(folder)) return;
  throw new Problem(
    `This page is open at ${url.origin}, but the server calls itself ${resource}. Open the console at ${base?.origin ?? 'that address'}.`,
  );
}

/**
 * Reads the metadata of an authorization server (RFC 8414, or OpenID Connect Discovery).
 *
 * @param {import('./exchange-log.js').ExchangeLog} log
 * @param {string} issuer
 * @returns {Promise<AuthorizationServer>}
 */
export async function readAuthorizationServer(log, issuer) {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const urls = new Set([
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]);
  for (const url of urls) {
    const answer = await log.send('Read the authorization server metadata', url);
    if (answer.status === 200) return checked(issuer, jsonObject(answer, `The metadata at ${url}`));
  }
  throw new Problem(`The authorization server ${issuer} publishes no metadata.`);
}

/**
 * @param {string} issuer
 * @param {Record<string, unknown>} metadata
 * @returns {AuthorizationServer}
 */
function checked(issuer, metadata) {
  if (metadata.issuer !== issuer) {
    throw new Problem(
      `The metadata of ${issuer} belongs to another issuer: ${text(metadata.issuer)}. Do not sign in there.`,
    );
  }
  if (!texts(metadata.code_challenge_methods_supported).includes('S256')) {
    throw new Problem(`${issuer} does not support PKCE with S256, which MCP clients need.`);
  }
  const authorizationEndpoint = webUrl(metadata.authorization_endpoint);
  const tokenEndpoint = webUrl(metadata.token_endpoint);
  if (authorizationEndpoint === '' || tokenEndpoint === '') {
    throw new Problem(`The metadata of ${issuer} does not say where to sign in.`);
  }
  return {
    issuer,
    authorizationEndpoint,
    tokenEndpoint,
    registrationEndpoint: webUrl(metadata.registration_endpoint),
    revocationEndpoint: webUrl(metadata.revocation_endpoint),
    sendsIssuer: metadata.authorization_response_iss_parameter_supported === true,
  };
}
