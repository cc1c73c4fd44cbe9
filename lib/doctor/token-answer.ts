import type { Answer, Asker } from './ask.js';
import { attempt } from './attempt.js';
import { challengeParams, shown } from './challenge.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';
import { initialize } from './initialize.js';
import { isSecure } from './secure-urls.js';

const CHECK = 'token_accepted';

/**
 * Sends the token to the URL that the user named, and nowhere else.
 *
 * @param isBound - the token needs a proof of possession, which only its holder can make
 */
export async function tokenAnswer(
  asker: Asker,
  token: string,
  isBound: boolean,
): Promise<readonly Finding[]> {
  if (isBound) {
    return [
      skipped(CHECK, 'The token was not sent: it is bound to a key that the doctor does not have.'),
    ];
  }
  if (!isSecure(new URL(asker.named))) {
    return [skipped(CHECK, 'The token was not sent: anyone on the way could read it. Use https:.')];
  }
  return attempt(CHECK, async () => {
    const answer = await initialize(asker, { authorization: `Bearer ${token}` });
    return [findingOf(answer)];
  });
}

function findingOf(answer: Answer): Finding {
  const { status, headers } = answer;
  if (status < 300) {
    return ok(CHECK, `The server accepts the token (${status}).`);
  }
  if (status < 400) {
    const description = `The answer is a redirect (${status}) to ${headers.location ?? 'nowhere'}. The token was not sent there.`;
    return problem(CHECK, description, 'Give clients the URL where the redirect leads.');
  }
  if (headers['www-authenticate'] === undefined && ![401, 403].includes(status) && status < 500) {
    const description = `The server answers ${status} without a challenge. It is not known whether it accepts the token.`;
    return warning(CHECK, description, 'Look into the log of the server.');
  }
  return problem(CHECK, reasonOf(answer), remedyOf(answer));
}

function reasonOf(answer: Answer): string {
  const params = challengeParams(answer);
  const named = ['error', 'error_description', 'scope'].flatMap((name) => {
    const value = params.get(name);
    return value === undefined ? [] : `${name} ${shown(value)}`;
  });
  if (answer.status >= 500) {
    return `The server cannot tell whether it accepts the token (${answer.status}).`;
  }
  const reason = named.length === 0 ? 'It does not say why' : `It says: ${named.join(', ')}`;
  return `The server rejects the token (${answer.status}). ${reason}.`;
}

function remedyOf({ status }: Answer): string {
  if (status === 403) {
    return 'Ask the authorization server for the scopes that the server names.';
  }
  return status >= 500
    ? 'Look into the log of the server. Most often the server cannot reach the authorization server.'
    : 'Look at the other checks of the token, and into the log of the server. With nestjs-mcp-auth, the level "debug" names the failed check.';
}
