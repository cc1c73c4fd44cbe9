import {
  AuthorizationServerError,
  AuthorizationServerUnavailableError,
  InvalidAuthorizationServerMetadataError,
} from '../../errors/authorization-server.error.js';
import { systemCodeOf } from '../../errors/system-code.js';
import { documentLifetime } from './document-lifetime.js';
import { httpRequest, type Form, type HttpAnswer } from './http-request.js';
import type { RequestClient } from './network-client.js';
import type { IssuerNetwork } from './issuer-network.js';
import { Deadline } from '../../async/deadline.js';
import { untilAborted } from '../../async/until-aborted.js';

/** The default size limit in bytes. No metadata document or JWK Set is nearly as large. */
const MAX_BYTES = 1024 * 1024;

/** The default of {@link McpAuthModuleOptions.fetchTimeout}, in milliseconds. */
export const DEFAULT_FETCH_TIMEOUT = 5000;

/** The bounds within which an authorization server's documents are fetched. */
export interface FetchBounds {
  /** The milliseconds for one document, from the look-up of its host to the last byte received. */
  timeout: number;
  network: IssuerNetwork;
  /** The signal that is aborted when the application closes. */
  closing?: AbortSignal;
  /** The greatest size of the answer's body; 1 MiB by default. */
  maxBytes?: number;
  /** The client that sends the request; by default the built-in client with Node's own settings. */
  client?: RequestClient;
}

/** The text of an answer. */
export interface FetchedText {
  text: string;
  /** The media type that the server named, without parameters and in lower case. Empty if it named no type. */
  mediaType: string;
  /** The milliseconds for which the text may be used if no newer text is fetched. */
  lifetime: number;
}

/**
 * Fetches a text, by `POST` if there is a form to send. It follows no redirects, and limits time and size. The
 * built-in client connects to no address that is nearer than the issuer's (see {@link IssuerNetwork}).
 *
 * @throws AuthorizationServerUnavailableError if another attempt may succeed: no connection, no answer in
 * time, 429, 5xx.
 * @throws InvalidAuthorizationServerMetadataError if another attempt would fail too: any other status than 200,
 * a body that is too large or compressed, or an address that is too near.
 */
export async function fetchText(
  url: string,
  bounds: FetchBounds,
  form?: Form,
): Promise<FetchedText> {
  const { timeout, closing, maxBytes = MAX_BYTES } = bounds;
  const deadline = new Deadline(timeout, closing);
  const { signal } = deadline;
  try {
    const response = await send(new URL(url), bounds, signal, form);
    const text = await readText(url, response, maxBytes);
    const { headers } = response;
    const [mediaType = ''] = (headers['content-type'] ?? '').toLowerCase().split(';');
    return { text, lifetime: documentLifetime(headers), mediaType: mediaType.trim() };
  } catch (error) {
    if (error instanceof AuthorizationServerError) {
      throw error;
    }
    const reason = deadline.isOver ? `gave no answer within ${timeout} ms` : unreachable(error);
    const cause: unknown = deadline.isOver ? signal.reason : error;
    throw new AuthorizationServerUnavailableError(`${url} ${reason}.`, undefined, { cause });
  } finally {
    deadline.clear();
  }
}

/**
 * Sends the request to a checked address. A proxy or a custom `fetch` chooses the address itself, so it is
 * **not** checked.
 */
async function send(
  url: URL,
  { timeout, network, client }: FetchBounds,
  signal: AbortSignal,
  form: Form | undefined,
): Promise<HttpAnswer> {
  if (client?.send !== undefined) {
    return untilAborted(client.send(url, signal, form), signal);
  }
  const addresses = await untilAborted(network.addressesOf(url, timeout), signal);
  return httpRequest(url, addresses, signal, form, client?.secureContext);
}

function unreachable(error: unknown): string {
  const code = systemCodeOf(error);
  return `could not be reached${code === undefined ? '' : ` (${code})`}`;
}

async function readText(url: string, response: HttpAnswer, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    assertReadable(url, response);
    for await (const chunk of response) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        throw new InvalidAuthorizationServerMetadataError(
          `${url} answered more than ${maxBytes} bytes.`,
        );
      }
      chunks.push(chunk);
    }
    return new TextDecoder().decode(Buffer.concat(chunks));
  } finally {
    response.destroy();
  }
}

function assertReadable(url: string, { statusCode = 0, headers }: HttpAnswer): void {
  if (statusCode === 429 || statusCode >= 500) {
    throw new AuthorizationServerUnavailableError(`${url} answered ${statusCode}.`);
  }
  if (statusCode !== 200) {
    throw new InvalidAuthorizationServerMetadataError(
      `${url} answered ${statusCode} instead of 200.`,
    );
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new InvalidAuthorizationServerMetadataError(
      `${url} answered with a Content-Encoding, although only "identity" is accepted.`,
    );
  }
}
