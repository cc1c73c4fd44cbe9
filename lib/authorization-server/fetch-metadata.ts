import {
  AuthorizationServerUnavailableError,
  InvalidAuthorizationServerMetadataError,
} from '../errors/authorization-server.error.js';
import {
  toAuthorizationServerMetadata,
  type AuthorizationServerMetadata,
  type MetadataDocument,
} from '../metadata/authorization-server-metadata.js';
import type { DiscoveredAuthorizationServer } from '../options/authorization-server.options.js';
import { secureUrlProblem } from '../url/secure-url.js';
import { messageOf } from '../errors/to-error.js';
import { fetchJson, type FetchBounds } from './fetch-json.js';
import { metadataUrls } from './metadata-url.js';
import type { Fetched } from './remote-document.js';
import { Deadline } from '../async/deadline.js';
import { untilAborted } from '../async/until-aborted.js';

/**
 * Fetches an authorization server's metadata from the first candidate URL that has it.
 *
 * A candidate with no such document is passed over. A server that cannot be reached ends the search:
 * the candidates are all on one host.
 */
export async function fetchMetadata(
  server: DiscoveredAuthorizationServer,
  bounds: FetchBounds,
): Promise<Fetched<AuthorizationServerMetadata>> {
  const urls = server.metadataUrl ? [server.metadataUrl] : metadataUrls(server.issuer, server.type);
  const failures: Error[] = [];
  for (const url of urls) {
    try {
      const { value, lifetime } = await fetchJson(url, bounds);
      return {
        value: checked(url, await transformed(server, url, value, bounds), server),
        lifetime,
      };
    } catch (error) {
      if (!(error instanceof InvalidAuthorizationServerMetadataError)) {
        throw withIssuer(error, server.issuer);
      }
      failures.push(error);
    }
  }
  throw new InvalidAuthorizationServerMetadataError(
    `No usable metadata of the authorization server ${server.issuer}: ${failures.map(({ message }) => message).join(' ')}`,
    { cause: failures[0] },
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
    // Everyone who has a token of this server waits for it.
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

/** RFC 8414, section 3.3: a document of another issuer must not be used. */
function checked(
  url: string,
  document: MetadataDocument,
  { issuer: expectedIssuer, allowInsecureRequests }: DiscoveredAuthorizationServer,
): AuthorizationServerMetadata {
  const { issuer } = document;
  if (issuer !== expectedIssuer) {
    const found = typeof issuer === 'string' ? `"${issuer.slice(0, 200)}"` : 'not a string';
    throw new InvalidAuthorizationServerMetadataError(
      `${url} is of another issuer: "issuer" there is ${found}, not "${expectedIssuer}".`,
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

function withIssuer(error: unknown, issuer: string): unknown {
  return error instanceof AuthorizationServerUnavailableError
    ? new AuthorizationServerUnavailableError(
        `The authorization server ${issuer} is unavailable: ${error.message}`,
        error.retryAfter,
        { cause: error },
      )
    : error;
}
