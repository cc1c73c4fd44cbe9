import { withinTime } from '../../async/within-time.js';
import type { FetchBounds } from '../../authorization-server/fetching/fetch-text.js';
import { AuthorizationServerUnavailableError } from '../../errors/authorization-server.error.js';
import { systemCodeOf } from '../../errors/system-code.js';
import type { BearerTokenSource } from '../../options/introspection.options.js';
import { isB64Token } from '../../token/token-grammar.js';

/**
 * Returns the bearer token in the option, or the token that the function in the option returns now.
 *
 * @throws AuthorizationServerUnavailableError if the function throws, returns no valid token, or is late, or if the
 * application closes first. The error's message never contains the token.
 */
export async function currentBearerToken(
  source: BearerTokenSource,
  { timeout, closing }: Pick<FetchBounds, 'timeout' | 'closing'>,
): Promise<string> {
  if (typeof source === 'string') {
    return source;
  }
  const late = () =>
    unavailable(
      `returned no token within ${timeout} ms (fetchTimeout), or before the application closed`,
    );
  const called = (async (): Promise<unknown> => source())().catch((error: unknown) => {
    throw unavailable(`threw ${kindOf(error)}`, error);
  });
  const token = await withinTime(called, timeout, late, closing);
  // Other characters, such as line breaks, could add header fields to the request.
  if (typeof token !== 'string' || !isB64Token(token)) {
    throw unavailable('returned something that is not a bearer token (RFC 6750, section 2.1)');
  }
  return token;
}

/** Describes an error without its message, which may contain a token. */
function kindOf(error: unknown): string {
  const name = error instanceof Error ? error.name : 'a value that is not an Error';
  const code = systemCodeOf(error);
  return code === undefined ? name : `${name} (${code})`;
}

function unavailable(what: string, cause?: unknown): AuthorizationServerUnavailableError {
  const message = `The function introspection.bearerToken ${what}.`;
  return new AuthorizationServerUnavailableError(message, undefined, { cause });
}
