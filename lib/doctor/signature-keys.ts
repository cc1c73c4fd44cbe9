import { AuthorizationServerError } from '../errors/authorization-server.error.js';
import type { AuthorizationServerMetadata } from '../metadata/authorization-server-metadata.js';
import { fetchJson } from '../authorization-server/fetching/fetch-json.js';
import type { FetchBounds } from '../authorization-server/fetching/fetch-text.js';
import { sortKeys, type SortedKeys, type UnusableKey } from '../token/signature-keys.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';

const CHECK = 'signature_keys';

/** The keys that verify tokens, if they could be fetched, and the finding about them. */
export interface SignatureKeys {
  readonly keys?: SortedKeys['usable'];
  readonly finding: Finding;
}

/** Fetches the JWK Set of an authorization server, and checks its keys. */
export async function fetchSignatureKeys(
  { jwksUri }: AuthorizationServerMetadata,
  bounds: FetchBounds,
): Promise<SignatureKeys> {
  if (jwksUri === undefined) {
    return { finding: skipped(CHECK, 'There is no jwks_uri.') };
  }
  try {
    const { value } = await fetchJson(jwksUri, bounds);
    const { usable, unusable } = sortKeys({ keys: Array.isArray(value.keys) ? value.keys : [] });
    return { keys: usable, finding: findingOf(jwksUri, usable.keys.length, unusable) };
  } catch (error) {
    if (!(error instanceof AuthorizationServerError)) {
      throw error;
    }
    const remedy = 'Publish a JWK Set at jwks_uri that the MCP server can fetch.';
    return { finding: problem(CHECK, error.message, remedy) };
  }
}

function findingOf(url: string, count: number, unusable: readonly UnusableKey[]): Finding {
  const wrong = unusable.find(({ isForOtherPurpose }) => !isForOtherPurpose);
  if (count === 0) {
    const description = `${url} has no key that may verify a signature.`;
    return problem(CHECK, description, 'Publish the public keys that tokens are signed with.');
  }
  if (wrong !== undefined) {
    const description = `${url} has a key (${wrong.kid ?? 'without "kid"'}) that ${wrong.why}.`;
    return warning(CHECK, description, 'Remove the key. If it was secret, replace it.');
  }
  return ok(CHECK, `${url} has ${count} key${count === 1 ? '' : 's'} for signatures.`);
}
