import {
  AuthorizationServerError,
  AuthorizationServerUnavailableError,
  InvalidAuthorizationServerMetadataError,
} from '../../errors/authorization-server.error.js';
import {
  toAuthorizationServerMetadata,
  type AuthorizationServerMetadata,
  type MetadataDocument,
} from '../../metadata/authorization-server-metadata.js';
import type { DiscoveredAuthorizationServer } from '../../options/authorization-server.options.js';
import { secureUrlProblem } from '../../url/secure-url.js';
import { messageOf } from '../../errors/to-error.js';
import { fetchJson } from '../fetching/fetch-json.js';
import type { FetchBounds } from '../fetching/fetch-text.js';
import { metadataUrls } from './metadata-url.js';
import { missingMember } from './needed-metadata.js';
import type { Fetched } from '../fetching/remote-document.js';
import { Deadline } from '../../async/deadline.js';
import { untilAborted } from '../../async/until-aborted.js';

/**
 * The longest lifetime in milliseconds of metadata that lacks a needed member, so that it is fetched again
 * soon.
 */
const LONGEST_INCOMPLETE = 60_000;

/** Metadata, and the text of its document as it was fetched, before `transformMetadata`. */
export interface FetchedMetadata extends Fetched<AuthorizationServerMetadata> {
  text: string;
}

type Outcome = { fetched: FetchedMetadata } | { error: AuthorizationServerError };

/**
 * Fetches an authorization server's metadata. It takes the first candidate URL whose document has every
 * needed member, or else the first candidate that has a valid document.
 *
 * After any failure the next candidate is tried. If a candidate timed out, all remaining candidates are
 * tried in parallel, so that a waiting request does not wait for one after another.
 *
 * @throws AuthorizationServerUnavailableError if no candidate has a valid document of this issuer, and at least
 * one candidate is unavailable
 * @throws InvalidAuthorizationServerMetadataError if no candidate has a valid document of this issuer, and no
 * candidate is unavailable
 */
export async function fetchMetadata(
  server: DiscoveredAuthorizationServer,
  bounds: FetchBounds,
): Promise<FetchedMetadata> {
  const urls = server.metadataUrl ? [server.metadataUrl] : metadataUrls(server.issuer, server.type);
  const isComplete = (outcome: Outcome) =>
    'fetched' in outcome && missingMember(outcome.fetched.value, server) === undefined;
  const outcomes = await search(urls, (url) => candidate(url, server, bounds), isComplete);
  const found = outcomes.find(isComplete) ?? outcomes.find((outcome) => 'fetched' in outcome);
  if (found === undefined || !('fetched' in found)) {
    throw failureOf(server.issuer, outcomes);
  }
  const { lifetime } = found.fetched;
  return {
    ...found.fetched,
    lifetime: isComplete(found) ? lifetime : Math.min(lifetime, LONGEST_INCOMPLETE),
  };
}

async function search(
  urls: readonly string[],
  ask: (url: string) => Promise<Outcome>,
  isComplete: (outcome: Outcome) => boolean,
): Promise<Outcome[]> {
  const [url, ...others] = urls;
  if (url === undefined) {
    return [];
  }
  const outcome = await ask(url);
  if (isComplete(outcome)) {
    return [outcome];
  }
  const further = hung(outcome) ? Promise.all(others.map(ask)) : search(others, ask, isComplete);
  return [outcome, ...(await further)];
}

function hung(outcome: Outcome): boolean {
  const cause: unknown = 'error' in outcome ? outcome.error.cause : undefined;
  return cause instanceof DOMException && cause.name === 'TimeoutError';
}

async function candidate(
  url: string,
  server: DiscoveredAuthorizationServer,
  bounds: FetchBounds,
): Promise<Outcome> {
  try {
    const { value, lifetime, text } = await fetchJson(url, bounds);
    const document = await transformed(server, url, value, bounds);
    return { fetched: { value: checked(url, document, server), lifetime, text } };
  } catch (error) {
    if (!(error instanceof AuthorizationServerError)) {
      throw error;
    }
    return { error };
  }
}

function failureOf(issuer: string, outcomes: readonly Outcome[]): AuthorizationServerError {
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? outcome.error : []));
  const details = errors.map(({ message }) => message).join(' ');
  const unavailable = errors.find((error) => error instanceof AuthorizationServerUnavailableError);
  return unavailable
    ? new AuthorizationServerUnavailableError(
        `The authorization server ${issuer} is unavailable: ${details}`,
        unavailable.retryAfter,
        { cause: unavailable },
      )
    : new InvalidAuthorizationServerMetadataError(
        `No usable metadata of the authorization server ${issuer}: ${details}`,
        { cause: errors[0] },
      );
}

async function transformed(
  { transformMetadata }: DiscoveredAuthorizationServer,
  url: string,
  document: MetadataDocument,
  { timeout }: FetchBounds,
): Promise<MetadataDocument> {
  if (transformMetadata === undefined) {
    return document;
  }
  const deadline = new Deadline(timeout);
  try {
    // The time is limited, because requests with a token of this server wait for the result.
    const transforming = (async () => transformMetadata(document))();
    return {
      ...((await untilAborted(transforming, deadline.signal)) as MetadataDocument | undefined),
    };
  } catch (cause) {
    const reason = deadline.isOver
      ? `gave nothing within ${timeout} ms`
      : `threw: ${messageOf(cause)}`;
    throw new InvalidAuthorizationServerMetadataError(
      `transformMetadata, given the document of ${url}, ${reason}`,
      { cause },
    );
  } finally {
    deadline.clear();
  }
}

/** Checks a document. A document of another issuer must not be used (RFC 8414, section 3.3). */
function checked(
  url: string,
  document: MetadataDocument,
  { issuer: expectedIssuer, allowInsecureRequests }: DiscoveredAuthorizationServer,
): AuthorizationServerMetadata {
  const { issuer } = document;
  if (issuer !== expectedIssuer) {
    const found = typeof issuer === 'string' ? `"${issuer.slice(0, 200)}"` : 'not a string';
    throw new InvalidAuthorizationServerMetadataError(
      `${url} is of another issuer: its "issuer" must be "${expectedIssuer}", but is ${found}.`,
    );
  }
  const metadata = toAuthorizationServerMetadata({ ...document, issuer });
  const { jwksUri } = metadata;
  const problem =
    jwksUri === undefined ? undefined : secureUrlProblem(jwksUri, allowInsecureRequests);
  if (problem !== undefined) {
    throw new InvalidAuthorizationServerMetadataError(`${url} has a "jwks_uri" that ${problem}.`);
  }
  return Object.freeze(metadata);
}
