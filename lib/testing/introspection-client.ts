/** The credentials of the client that may introspect tokens. */
export interface IntrospectionClient {
  /** The client identifier. */
  clientId: string;
  /** The client secret. */
  clientSecret: string;
}

/** Returns whether a request authenticates as the client (RFC 6749, section 2.3.1). */
export function isClient(
  { clientId, clientSecret }: IntrospectionClient,
  authorization: string | undefined,
  form: URLSearchParams,
): boolean {
  const [id, secret] = basicCredentials(authorization) ?? [
    form.get('client_id'),
    form.get('client_secret'),
  ];
  return id === clientId && secret === clientSecret;
}

/** Reads identifier and secret, which are form-encoded before they are joined. */
function basicCredentials(authorization = ''): (string | null)[] | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  return encoded === undefined
    ? undefined
    : Buffer.from(encoded, 'base64').toString().split(':').map(formDecoded);
}

function formDecoded(text: string): string | null {
  return new URLSearchParams(`text=${text}`).get('text');
}
