import { describe, expect, it } from '@jest/globals';
import { Rejections } from '../../../lib/challenge/rejections.js';
import { InvalidRequestError } from '../../../lib/errors/invalid-request.error.js';
import { InvalidTokenError } from '../../../lib/errors/invalid-token.error.js';

const METADATA = 'https://api.example.com/.well-known/oauth-protected-resource';
const header = ({ headers }: { headers: Record<string, string> }) => headers['WWW-Authenticate'];

/** An error class of an application. Its message can be any text. */
class OwnError extends InvalidTokenError {
  constructor(override readonly message: string) {
    super();
  }
}

describe('rejections', () => {
  it('have the OAuth error code of their own error, even after a different error with the same message', () => {
    const rejections = new Rejections(METADATA, []);

    rejections.invalidRequest(new InvalidRequestError('Not so.'));

    expect(header(rejections.invalidToken(new OwnError('Not so.')))).toContain(
      'error="invalid_token"',
    );
  });

  it('have the message of their own error, even if there are more messages than the cache holds', () => {
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
