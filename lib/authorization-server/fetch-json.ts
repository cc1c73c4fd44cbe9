import { AuthorizationServerUnavailableError } from '../errors/authorization-server.error.js';
import { InvalidAuthorizationServerMetadataError } from '../errors/authorization-server.error.js';

/** No metadata document or JWK Set comes near it; what does is not one. */
const MAX_BYTES = 1024 * 1024;

/**
 * Fetches a JSON object: without following redirects, within `timeout` milliseconds from the first
 * byte sent to the last received, and of at most 1 MiB.
 *
 * @throws AuthorizationServerUnavailableError where another attempt may fare better: no connection,
 * no answer in time, 429, 5xx.
 * @throws InvalidAuthorizationServerMetadataError where it would not: another status, too large, not
 * a JSON object.
 */
export async function fetchJson(url: string, timeout: number): Promise<Record<string, unknown>> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const headers = { accept: 'application/json' };
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw unexpectedStatus(url, response.status);
    }
    return parseObject(url, await readText(url, response));
  } catch (error) {
    if (
      error instanceof InvalidAuthorizationServerMetadataError ||
      error instanceof AuthorizationServerUnavailableError
    ) {
      throw error;
    }
    const reason = signal.aborted ? `gave no answer within ${timeout} ms` : 'could not be reached';
    throw new AuthorizationServerUnavailableError(`${url} ${reason}.`, undefined, { cause: error });
  }
}

function unexpectedStatus(url: string, status: number): Error {
  return status === 429 || status >= 500
    ? new AuthorizationServerUnavailableError(`${url} answered ${status}.`)
    : new InvalidAuthorizationServerMetadataError(`${url} answered ${status} instead of 200.`);
}

async function readText(url: string, response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // Leaving the loop by an error cancels the body, and with it the transfer.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) {
      throw new InvalidAuthorizationServerMetadataError(
        `${url} answered more than ${MAX_BYTES} bytes.`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
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
