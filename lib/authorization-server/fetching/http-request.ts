import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { SecureContext } from 'node:tls';

const HEADERS = {
  // RFC 7517, section 8.5, defines a media type for a JWK Set.
  accept: 'application/json, application/jwk-set+json',
  // Asks for an answer without compression. The code that reads the answer must reject a compressed answer,
  // which could be a decompression bomb.
  'accept-encoding': 'identity',
  'user-agent': 'nestjs-mcp-auth',
};

/** The body and headers of a `POST`, as `application/x-www-form-urlencoded`. */
export interface Form {
  body: string;
  headers: Record<string, string>;
}

/** The parts of a request beside its URL. */
export interface RequestParts {
  method: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

/** The head of an answer, from which its body can be read. */
export type HttpAnswer = Pick<IncomingMessage, 'statusCode' | 'headers'> &
  AsyncIterable<Uint8Array> & { destroy(): unknown };

/** Sends a `GET`, or a `POST` if there is a form, as {@link sendRequest} does. */
export async function httpRequest(
  url: URL,
  addresses: LookupAddress[],
  signal: AbortSignal,
  form?: Form,
  secureContext?: SecureContext,
): Promise<HttpAnswer> {
  const parts = { ...requestHead(form), body: form?.body };
  return sendRequest(url, addresses, signal, parts, secureContext);
}

/**
 * Sends a request to one of the given addresses. Returns the head of the answer. The connection is closed after
 * the answer. No redirect is followed, and no proxy is used.
 *
 * `fetch` would look up the name again, and connect to whatever address it then finds.
 */
export async function sendRequest(
  url: URL,
  addresses: LookupAddress[],
  signal: AbortSignal,
  { method, headers, body }: RequestParts,
  secureContext?: SecureContext,
): Promise<HttpAnswer> {
  const { request } = url.protocol === 'https:' ? https : http;
  const options = {
    method,
    headers,
    agent: false,
    lookup: always(addresses),
    signal,
    secureContext,
  };
  const outgoing = request(url, options).end(body);
  return headOf(outgoing);
}

/** Waits for the head of an answer. There may be none: after status 101, Node closes the connection. */
async function headOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.on('response', resolve);
    // After the head, the code that reads the body gets the error.
    outgoing.on('error', reject);
    outgoing.on('close', () => {
      reject(new Error('The connection ended without an answer.'));
    });
  });
}

/** Returns the method and the header fields of a request, whichever HTTP client sends it. */
export function requestHead(form: Form | undefined): {
  method: string;
  headers: Record<string, string>;
} {
  if (form === undefined) {
    return { method: 'GET', headers: HEADERS };
  }
  const ofBody = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(form.body)),
  };
  return { method: 'POST', headers: { ...HEADERS, ...ofBody, ...form.headers } };
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
