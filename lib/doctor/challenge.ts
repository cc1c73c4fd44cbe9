import { scopeTokenProblem } from '../scope/scope-token.js';
import type { Answer } from './ask.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';
import { parseChallenges, type ParsedChallenge } from './parse-challenges.js';

/** The characters of `error` and `error_description` (RFC 6750, section 3). */
const ERROR_TEXT = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;

/** The challenge for MCP clients in an answer, and the findings about it. */
export interface ExaminedChallenge {
  readonly findings: readonly Finding[];
  /** The parameters of the challenge, with names in lower case. `undefined` if there is no challenge. */
  readonly params?: ReadonlyMap<string, string>;
  /** The challenge of the scheme DPoP, if there is one. */
  readonly dpop?: ParsedChallenge | undefined;
}

/** Reads the challenge of a request without a token (RFC 9110, section 11.6.1; RFC 6750, section 3). */
export function examineChallenge({ status, headers }: Answer): ExaminedChallenge {
  const value = headers['www-authenticate'];
  if (value === undefined) {
    return { findings: [missing(status)] };
  }
  const { challenges, finding } = read(value);
  const find = (scheme: string) =>
    challenges.find((challenge) => challenge.scheme.toLowerCase() === scheme);
  const dpop = find('dpop');
  const challenge = find('bearer') ?? dpop;
  if (challenge === undefined) {
    return { findings: [finding ?? foreign(challenges)] };
  }
  const { params } = challenge;
  return { findings: [finding ?? grammar(challenge), withoutError(params)], params, dpop };
}

/** Returns the parameters of the challenge in an answer. Returns no parameters if the challenge cannot be read. */
export function challengeParams({ headers }: Answer): ReadonlyMap<string, string> {
  const { challenges } = read(headers['www-authenticate'] ?? '');
  const isKnown = ({ scheme }: ParsedChallenge) => /^(?:bearer|dpop)$/i.test(scheme);
  return challenges.find(isKnown)?.params ?? new Map();
}

function read(value: string): { challenges: readonly ParsedChallenge[]; finding?: Finding } {
  try {
    return { challenges: parseChallenges(value) };
  } catch (error) {
    const description = `WWW-Authenticate cannot be read: ${(error as Error).message}, in ${shown(value)}.`;
    const remedy =
      'Write challenges by the grammar of RFC 9110, section 11.3, as in Bearer resource_metadata="…", scope="…".';
    return { challenges: [], finding: problem('challenge', description, remedy) };
  }
}

function missing(status: number): Finding {
  return status === 401
    ? problem(
        'challenge',
        'The 401 has no WWW-Authenticate, so clients do not learn where to log in.',
        'Send WWW-Authenticate: Bearer resource_metadata="…". If another guard or a proxy answers first, let it skip this URL.',
      )
    : skipped('challenge', 'The answer has no WWW-Authenticate.');
}

function foreign(challenges: readonly ParsedChallenge[]): Finding {
  const schemes = challenges.map(({ scheme }) => scheme).join(', ');
  return problem(
    'challenge',
    `WWW-Authenticate has no challenge of the scheme Bearer. It has: ${schemes}.`,
    'Send a challenge of the scheme Bearer. If another guard or a proxy answers first, let it skip this URL.',
  );
}

function grammar({ scheme, params }: ParsedChallenge): Finding {
  const wrong = parameterProblem(params);
  return wrong === undefined
    ? ok('challenge', `WWW-Authenticate has a challenge of the scheme ${scheme}.`)
    : problem(
        'challenge',
        `The challenge has ${wrong}.`,
        'Write the parameter as RFC 6750, section 3, says.',
      );
}

function parameterProblem(params: ReadonlyMap<string, string>): string | undefined {
  const scope = params.get('scope');
  if (scope?.split(' ').some((name) => scopeTokenProblem(name) !== undefined)) {
    return `a scope that is not a list of scopes with one space between them: ${shown(scope)}`;
  }
  const texts = ['error', 'error_description'];
  const wrong = texts.find((name) => !ERROR_TEXT.test(params.get(name) ?? ''));
  return wrong === undefined ? undefined : `characters in ${wrong} that are not permitted`;
}

function withoutError(params: ReadonlyMap<string, string>): Finding {
  const error = params.get('error');
  return error === undefined
    ? ok('challenge_error', 'The challenge has no error, as there was no token.')
    : warning(
        'challenge_error',
        `The challenge has the error ${shown(error)}, although the request has no token.`,
        'Leave "error" out if a request has no token (RFC 6750, section 3.1).',
      );
}

/** Returns a text of a server, quoted and of limited length. */
export function shown(text: string): string {
  return `"${text.length > 200 ? `${text.slice(0, 200)}…` : text}"`;
}
