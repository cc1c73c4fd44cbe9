import { describe, expect, it } from '@jest/globals';
import type { AbstractHttpAdapter } from '@nestjs/core';
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
import { setExposedHeaders } from '../../lib/challenge/exposed-headers.js';
import { Rejections } from '../../lib/challenge/rejections.js';
import { toRejection } from '../../lib/challenge/to-rejection.js';

const rejections = new Rejections('https://api.example.com/metadata', []);
const rejected = (error: Error) => toRejection(error, rejections) as BearerAuthException;

describe('an error while a token is verified', () => {
  it.each([
    [new InvalidTokenError('expired'), 401, 'invalid_token', undefined],
    [new InvalidDpopProofError('missing'), 401, 'invalid_dpop_proof', undefined],
    [new DpopNonceRequiredError('n'), 401, 'use_dpop_nonce', undefined],
    [new AuthorizationServerUnavailableError('down', 7), 503, 'temporarily_unavailable', '7'],
    [new StateStoreUnavailableError('down'), 503, 'temporarily_unavailable', '5'],
    [new IntrospectionFailedError('no'), 503, 'temporarily_unavailable', '30'],
    [new InvalidAuthorizationServerMetadataError('bad'), 503, 'temporarily_unavailable', '5'],
  ])('%s', (error, status, code, retryAfter) => {
    const rejection = rejected(error);
    expect([rejection.getStatus(), rejection.code, rejection.headers['Retry-After']]).toEqual([
      status,
      code,
      retryAfter,
    ]);
  });

  it('that is none of ours stays what it is', () => {
    const error = new TypeError('of the application');
    expect(rejected(error)).toBe(error);
  });
});

describe('the header fields of a rejection', () => {
  const exposed = (already: unknown, headers: Record<string, string>) => {
    const set: Record<string, unknown> = { 'Access-Control-Expose-Headers': already };
    const adapter = {
      getHeader: (_: unknown, name: string) => set[name],
      setHeader: (_: unknown, name: string, value: string) => (set[name] = value),
    } as unknown as AbstractHttpAdapter;
    setExposedHeaders(adapter, {}, headers);
    return set;
  };

  it.each([
    ['nothing', undefined, 'WWW-Authenticate'],
    ['a list', 'ETag,  Link ,', 'ETag, Link, WWW-Authenticate'],
    ['several fields', ['ETag', 'Link'], 'ETag, Link, WWW-Authenticate'],
    ['the same in other letters', 'www-authenticate', 'WWW-Authenticate'],
    ['a number', 1, 'WWW-Authenticate'],
  ])('are readable for scripts beside %s', (_what, already, names) => {
    const set = exposed(already, { 'WWW-Authenticate': 'Bearer' });
    expect(set).toEqual({
      'Access-Control-Expose-Headers': names,
      'WWW-Authenticate': 'Bearer',
    });
  });

  it('leave all as it was where there are none', () => {
    expect(exposed('ETag,Link', {})).toEqual({ 'Access-Control-Expose-Headers': 'ETag,Link' });
  });
});
