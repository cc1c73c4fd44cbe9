import { SCOPE, TOOLS } from '../settings.js';
import type { Answer, Probe } from './probe.js';

/** Returns what is wrong with an answer whose status is right, or `undefined`. */
export function flawOf(answer: Answer, probe: Probe): string | undefined {
  const challenge = String(answer.headers['www-authenticate'] ?? '');
  switch (answer.status) {
    case 200:
      return crossed(answer, probe);
    case 400:
      return expect(challenge.includes('error="invalid_request"'), 'a 400 without its challenge');
    case 401:
      return (
        expect(challenge.includes('resource_metadata="'), 'a 401 without its challenge') ??
        expect(
          challenge.includes('error="invalid_token"') === 'authorization' in probe.headers,
          'a 401 with the challenge of another case',
        )
      );
    case 403:
      return expect(
        challenge.includes('error="insufficient_scope"') &&
          challenge.includes(`scope="${probe.body ? TOOLS['delete-note'] : SCOPE}"`),
        'a 403 without the scopes that are needed',
      );
    case 404:
      return expect(parse(answer.body).error?.code === -32001, 'a 404 that is not of a session');
    case 503:
      return expect(
        challenge === '' && /^[1-9]\d*$/.test(String(answer.headers['retry-after'])),
        'a 503 with a challenge, or without Retry-After',
      );
    default:
      return undefined;
  }
}

/**
 * Returns what is wrong if an answer belongs to another request or another caller. Every handler answers with its
 * caller and with the nonce of the request.
 */
function crossed({ body }: Answer, { nonce, user }: Probe): string | undefined {
  const answer = parse(body);
  const result = answer.result ?? answer;
  return (
    expect((answer.id ?? answer.nonce) === nonce, "another request's answer") ??
    expect(result.subject === user, "another caller's answer")
  );
}

interface Body {
  id?: string;
  nonce?: string;
  subject?: string;
  result?: Body;
  error?: { code: number };
}

function parse(body: string): Body {
  try {
    return JSON.parse(body) as Body;
  } catch {
    return {};
  }
}

function expect(isRight: boolean, problem: string): string | undefined {
  return isRight ? undefined : problem;
}
