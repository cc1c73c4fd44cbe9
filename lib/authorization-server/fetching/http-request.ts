import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

const HEADERS = {
  // RFC 7517, section 8.5, has a media type of its own for a JWK Set.
  accept: 'application/json, application/jwk-set+json',
  // Nothing small becomes large: what is compressed in spite of this is refused.
  'accept-encoding': 'identity',
  'user-agent': 'nestjs-mcp-auth',
};

/** What is sent by `POST`: `application/x-www-form-urlencoded`. */
export interface Form {
  body: string;
  headers: Record<string, string>;
}

/**
 * The head of the answer to a `GET`, or to the `POST` of a form, sent to one of the given addresses. The
 * connection is closed after it, no redirect is followed, and no proxy asked.
 *
 * `fetch` would look the name up again, and go to whatever address it then finds.
 */
export async function httpRequest(
  url: URL,
  addresses: LookupAddress[],
  signal: AbortSignal,
  form?: Form,
): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? https : http;
  const { method, headers } = form ? post(form) : { method: 'GET', headers: HEADERS };
  const options = { method, headers, agent: false, lookup: always(addresses), signal };
  const outgoing = request(url, options).end(form?.body);
  const head = once(outgoing, 'response', { signal });
  // After the head, it is the reader of the answer who is told of an error.
  outgoing.on('error', () => undefined);
  const [response] = (await head) as [IncomingMessage];
  return response;
}

function post({ body, headers }: Form) {
  const ofBody = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  };
  const accept = 'application/json';
  return { method: 'POST', headers: { ...HEADERS, accept, ...headers, ...ofBody } };
}

function always(addresses: LookupAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [{ address, family } = { address: '', family: 4 }] = addresses;
    if (all) {
      callback(null, addresses);
    } else {
      callback(null, address, family);
    }
  };
}
