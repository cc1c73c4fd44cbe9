import { describe, expect, it } from '@jest/globals';
import { Rejections } from '../../../lib/challenge/rejections.js';
import { InvalidRequestError } from '../../../lib/errors/invalid-request.error.js';
import { InvalidTokenError } from '../../../lib/errors/invalid-token.error.js';

const METADATA = 'https://api.example.com/.well-known/oauth-protected-resource';
const header = ({ headers }: { headers: Record<string, string> }) => headers['WWW-Authenticate'];

/** An error of the application's own, which can have any message. */
class OwnError extends InvalidTokenError {
  constructor(override readonly message: string) {
    super();
  }
}

describe('rejections', () => {
  it('name the OAuth error of each, although another one had the same message before', () => {
    const rejections = new Rejections(METADATA, []);

    rejections.invalidRequest(new InvalidRequestError('Not so.'));

    expect(header(rejections.invalidToken(new OwnError('Not so.')))).toContain(
      'error="invalid_token"',
    );
  });

  it('describe each error correctly, also when there are more than are cached', () => {
    const rejections = new Rejections(METADATA, []);
    const words = Array.from({ length: 300 }, (_, at) => `Not so for the reason ${at}.`);

    const headers = words.map((text) => header(rejections.invalidToken(new OwnError(text))));

    expect(headers).toEqual(words.map((text) => expect.stringContaining(`"${text}"`)));
  });

  it('have frozen header fields', () => {
    const { headers } = new Rejections(METADATA, []).missingToken();

    expect(Object.isFrozen(headers)).toBe(true);
  });
});
