import type { IncomingMessage } from 'node:http';
import {
  AuthorizationServerError,
  AuthorizationServerUnavailableError,
  InvalidAuthorizationServerMetadataError,
} from '../../errors/authorization-server.error.js';
import { documentLifetime } from './document-lifetime.js';
import { httpRequest, type Form } from './http-request.js';
import type { IssuerNetwork } from './issuer-network.js';
import type { Fetched } from './remote-document.js';
import { Deadline } from '../../async/deadline.js';
import { untilAborted } from '../../async/until-aborted.js';

/** No metadata document or JWK Set comes near it; what does is not one. */
const MAX_BYTES = 1024 * 1024;

/** Milliseconds; see {@link McpAuthModuleOptions.fetchTimeout}. */
export const DEFAULT_FETCH_TIMEOUT = 5000;

/** The bounds within which an authorization server's documents are fetched. */
export interface FetchBounds {
  /** Milliseconds for one document, from the look-up of its host to the last byte received. */
  timeout: number;
  network: IssuerNetwork;
  /** Aborted where nobody waits any more. */
  closing?: AbortSignal;
  /** Of the answer's body; 1 MiB by default. */
  maxBytes?: number;
}

/** A JSON object, and how many characters it was. */
export interface FetchedJson extends Fetched<Record<string, unknown>> {
  length: number;
}

/**
 * Fetches a JSON object, by `POST` where there is a form to send: without following redirects, in time,
 * of no more than is allowed, and from no nearer than its issuer is.
 *
 * @throws AuthorizationServerUnavailableError where another attempt may fare better: no connection,
 * no answer in time, 429, 5xx.
 * @throws InvalidAuthorizationServerMetadataError where it would not: another status, too large,
 * compressed, not a JSON object, at an address that is too near.
 */
export async function fetchJson(
  url: string,
  { timeout, network, closing, maxBytes = MAX_BYTES }: FetchBounds,
  form?: Form,
): Promise<FetchedJson> {
  const deadline = new Deadline(timeout, closing);
  const { signal } = deadline;
  try {
    const target = new URL(url);
    const addresses = await untilAborted(network.addressesOf(target, timeout), signal);
    const response = await httpRequest(target, addresses, signal, form);
    const text = await readText(url, response, maxBytes);
    const lifetime = documentLifetime(response.headers);
    return { value: parseObject(url, text), lifetime, length: text.length };
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

/** With the code of the system, such as ECONNREFUSED, ENOTFOUND or CERT_HAS_EXPIRED. */
function unreachable(error: unknown): string {
  const { code } = error as { code?: unknown };
  return `could not be reached${typeof code === 'string' ? ` (${code})` : ''}`;
}

async function readText(url: string, response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    assertReadable(url, response);
    for await (const chunk of response as AsyncIterable<Buffer>) {
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

function assertReadable(url: string, { statusCode = 0, headers }: IncomingMessage): void {
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
      `${url} answered with a Content-Encoding, although none but "identity" was accepted.`,
    );
  }
}

function parseObject(url: string, text: string): Record<string, unknown> {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidAuthorizationServerMetadataError(
      `${url} answered something that is not a JSON object.`,
    );
  }
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
