import { describe, expect, it } from '@jest/globals';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { setExposedHeaders } from '../../../lib/challenge/exposed-headers.js';

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
    ['the same name in lower case', 'www-authenticate', 'WWW-Authenticate'],
    ['a number', 1, 'WWW-Authenticate'],
  ])('are added to Access-Control-Expose-Headers, which contains %s', (_what, already, names) => {
    const set = exposed(already, { 'WWW-Authenticate': 'Bearer' });
    expect(set).toEqual({
      'Access-Control-Expose-Headers': names,
      'WWW-Authenticate': 'Bearer',
    });
  });

  it('leave Access-Control-Expose-Headers unchanged if the rejection has no header fields', () => {
    expect(exposed('ETag,Link', {})).toEqual({ 'Access-Control-Expose-Headers': 'ETag,Link' });
  });
});
