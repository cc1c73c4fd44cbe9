import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import { fetchText, type FetchBounds } from './fetch-text.js';
import type { Fetched } from './remote-document.js';

/** A JSON object, and its text. */
export interface FetchedJson extends Fetched<Record<string, unknown>> {
  text: string;
}

/**
 * Fetches a JSON object as {@link fetchText} does.
 *
 * @throws the errors of {@link fetchText}, and InvalidAuthorizationServerMetadataError if the text is not a JSON
 * object
 */
export async function fetchJson(url: string, bounds: FetchBounds): Promise<FetchedJson> {
  const { text, lifetime } = await fetchText(url, bounds);
  return { value: parseObject(url, text), lifetime, text };
}

/**
 * Reads the JSON object in an answer of this URL.
 *
 * @throws InvalidAuthorizationServerMetadataError if the text is not a JSON object
 */
export function parseObject(url: string, text: string): Record<string, unknown> {
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
