import { describe, expect, it } from '@jest/globals';
import {
  AuthorizationServerUnavailableError,
  DpopNonceRequiredError,
  IntrospectionFailedError,
  InvalidAuthorizationServerMetadataError,
  InvalidDpopProofError,
  InvalidTokenError,
  StateStoreUnavailableError,
  type BearerAuthException,
} from 'nestjs-mcp-auth';
import { Rejections } from '../../../lib/challenge/rejections.js';
import { toRejection } from '../../../lib/challenge/to-rejection.js';

const rejections = new Rejections('https://api.example.com/metadata', []);
const rejected = (error: Error) => toRejection(error, rejections) as BearerAuthException;

describe('toRejection()', () => {
  it.each([
    [new InvalidTokenError('expired'), 401, 'invalid_token', undefined],
    [new InvalidDpopProofError('missing'), 401, 'invalid_dpop_proof', undefined],
    [new DpopNonceRequiredError('n'), 401, 'use_dpop_nonce', undefined],
    [new AuthorizationServerUnavailableError('down', 7), 503, 'temporarily_unavailable', '7'],
    [new StateStoreUnavailableError('down'), 503, 'temporarily_unavailable', '5'],
    [new IntrospectionFailedError('no'), 503, 'temporarily_unavailable', '30'],
    [new InvalidAuthorizationServerMetadataError('bad'), 503, 'temporarily_unavailable', '5'],
  ])(
    'maps %s to its status, OAuth error code and Retry-After',
    (error, status, code, retryAfter) => {
      const rejection = rejected(error);
      expect([rejection.getStatus(), rejection.code, rejection.headers['Retry-After']]).toEqual([
        status,
        code,
        retryAfter,
      ]);
    },
  );

  it('returns any other error unchanged', () => {
    const error = new TypeError('of the application');
    expect(rejected(error)).toBe(error);
  });
});
