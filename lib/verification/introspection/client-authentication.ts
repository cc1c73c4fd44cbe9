import type { IntrospectionOptions } from '../../options/introspection.options.js';
import { ClientAssertions } from './client-assertions.js';

/** The credentials of a client at an endpoint: header fields, and parameters of the form. */
export interface ClientCredentials {
  headers: Record<string, string>;
  parameters: Record<string, string>;
}

/** Makes the credentials for one request. */
export type AuthenticateClient = () => ClientCredentials | Promise<ClientCredentials>;

/** Returns the client authentication that the options configure. */
export function clientAuthentication(
  issuer: string,
  { clientId, clientSecret = '', privateKeyJwt, method }: IntrospectionOptions,
): AuthenticateClient {
  if (privateKeyJwt !== undefined) {
    const assertions = new ClientAssertions(issuer, clientId, privateKeyJwt);
    return async () => inForm({ ...BY_JWT, client_assertion: await assertions.next() }, clientId);
  }
  const credentials =
    method === 'client_secret_post'
      ? inForm({ client_secret: clientSecret }, clientId)
      : { headers: { authorization: basic(clientId, clientSecret) }, parameters: {} };
  return () => credentials;
}

const BY_JWT = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' };

function inForm(parameters: Record<string, string>, clientId: string): ClientCredentials {
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
