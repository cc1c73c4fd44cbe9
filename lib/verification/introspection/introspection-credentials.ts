import type { ConfiguredAuthorizationServer } from '../../authorization-server/authorization-server-registry.js';
import type { IntrospectionOptions } from '../../options/introspection.options.js';
import { currentBearerToken } from './bearer-token.js';
import { ClientAssertions } from './client-assertions.js';

/** The credentials of one request to the endpoint: header fields, and parameters of the form. */
export interface IntrospectionCredentials {
  headers: Record<string, string>;
  parameters: Record<string, string>;
}

/** Creates the credentials for one request. */
export type MakeCredentials = () => IntrospectionCredentials | Promise<IntrospectionCredentials>;

/**
 * Returns the way in which the options authorize requests: by client authentication (RFC 6749, section 2.3),
 * or by a bearer token (RFC 7662, section 2.1).
 */
export function introspectionCredentials(
  { issuer, bounds }: ConfiguredAuthorizationServer,
  options: IntrospectionOptions,
): MakeCredentials {
  const { clientId = '', clientSecret = '', privateKeyJwt, tlsClientAuth, bearerToken } = options;
  if (bearerToken !== undefined) {
    return async () => inHeader(`Bearer ${await currentBearerToken(bearerToken, bounds)}`);
  }
  if (privateKeyJwt !== undefined) {
    const assertions = new ClientAssertions(issuer, clientId, privateKeyJwt);
    return async () => inForm({ ...BY_JWT, client_assertion: await assertions.next() }, clientId);
  }
  if (tlsClientAuth !== undefined) {
    // RFC 8705, section 2: the client id says whose certificate it is.
    return () => inForm({}, clientId);
  }
  const credentials =
    options.method === 'client_secret_post'
      ? inForm({ client_secret: clientSecret }, clientId)
      : inHeader(basic(clientId, clientSecret));
  return () => credentials;
}

const BY_JWT = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' };

function inHeader(authorization: string): IntrospectionCredentials {
  return { headers: { authorization }, parameters: {} };
}

function inForm(parameters: Record<string, string>, clientId: string): IntrospectionCredentials {
  return { headers: {}, parameters: { client_id: clientId, ...parameters } };
}

/** Returns HTTP Basic credentials. Form-encoding removes colons from both parts (RFC 6749, section 2.3.1). */
function basic(clientId: string, clientSecret: string): string {
  const pair = [clientId, clientSecret].map(formEncoded).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** Encodes a value as RFC 6749, appendix B, requires. */
function formEncoded(value: string): string {
  return new URLSearchParams({ '': value }).toString().slice('='.length);
}
