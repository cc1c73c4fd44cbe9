import type { Answer, Asker } from './ask.js';
import { challengeParams, shown } from './challenge.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';
import { initialize } from './initialize.js';

const CHECK = 'bogus_token';
/** A token that no server issued. It matches the grammar of bearer tokens (RFC 6750, section 2.1). */
const BOGUS = 'nestjs-mcp-auth-doctor-bogus-token';

/**
 * Sends a token that nobody issued. If the answer is the same as without a token, something on the way removes
 * the header `Authorization`.
 */
export async function bogusToken(asker: Asker, bare: Answer): Promise<Finding[]> {
  if (bare.status !== 401) {
    return [skipped(CHECK, 'A request without a token is not answered with 401.')];
  }
  const answer = await initialize(asker, { authorization: `Bearer ${BOGUS}` });
  return [findingOf(answer, challengeParams(answer).get('error'))];
}

function findingOf({ status }: Answer, error: string | undefined): Finding {
  if (status === 401) {
    return rejected(error);
  }
  if (status < 300) {
    return problem(
      CHECK,
      `A token that nobody issued is accepted (${status}).`,
      'Verify tokens before anything else. Until then, anyone can call this server.',
    );
  }
  if (status >= 500) {
    return problem(
      CHECK,
      `A token that nobody issued is answered with ${status}. The server cannot verify tokens now.`,
      'Look into the log of the server. Most often the server cannot reach the authorization server.',
    );
  }
  const description = `A token that nobody issued is answered with ${status}, not 401.`;
  return warning(
    CHECK,
    description,
    'Answer 401 with error="invalid_token" (RFC 6750, section 3.1).',
  );
}

function rejected(error: string | undefined): Finding {
  if (error === 'invalid_token') {
    return ok(CHECK, 'A token that nobody issued is answered with 401 and error="invalid_token".');
  }
  return error === undefined
    ? problem(
        CHECK,
        'A token that nobody issued gets the answer of a request without a token: 401 without an error. The header Authorization does not arrive, or the server does not name the error.',
        'Let the proxy before the server pass Authorization on. If the header arrives, send error="invalid_token".',
      )
    : warning(
        CHECK,
        `A token that nobody issued is answered with 401 and the error ${shown(error)}.`,
        'Send error="invalid_token" (RFC 6750, section 3.1).',
      );
}
