import { describe, expect, it } from '@jest/globals';
import { UriTemplate } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { exampleUri, uriForms } from '../../../../lib/mcp/operations/uri-template.js';
import { uriTemplateMatcher } from '../../../support/mcp/matchers.js';

describe('uriTemplateMatcher', () => {
  const templates = [
    'todo://{id}',
    'todo://{id}/notes/{note}',
    'file:///{+path}',
    'x://a{/b}',
    'x://a{?q}',
    'x://a{?q,r}',
    'x://a{#f}',
    'x://a{.ext}',
    'x://{a}-{b}',
    'x://a.b+c/{d}',
  ];

  it.each(templates)('matches every URI that the SDK matches with %s', (template) => {
    const sdk = new UriTemplate(template);
    const matches = uriTemplateMatcher(template);
    const part = fc.oneof(
      fc.string({ minLength: 1, maxLength: 8 }),
      fc.constantFrom('1?', '1#f', 'a?b', '?', '#', '.', 'é'),
    );
    const variables = fc.record({
      id: part,
      note: part,
      path: part,
      a: part,
      b: part,
      d: part,
      f: part,
      q: part,
      r: part,
      ext: part,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          variables.map((values) => sdk.expand(values)),
          fc.webUrl(),
          fc.string(),
        ),
        (uri) => {
          return sdk.match(uri) === null || matches(uri);
        },
      ),
    );
    expect(matches('other://thing')).toBe(false);
  });

  it('ends quickly with a URI that would make a backtracking matcher hang', () => {
    const matches = uriTemplateMatcher('log://{a}-{b}-{c}-{d}-{e}.{+f}{?g}');
    expect(matches(`log://${'-'.repeat(2000)}/`)).toBe(false);
  });

  it('matches any URI that is too long to compare', () => {
    expect(uriTemplateMatcher('todo://{id}')('x'.repeat(10_000))).toBe(true);
  });
});

describe('uriForms', () => {
  it('returns the URI as sent and as a server normalizes it', () => {
    expect(uriForms('TODO://A/../b')).toEqual(['TODO://A/../b', 'todo://A/b']);
    expect(uriForms('no uri')).toEqual(['no uri']);
  });

  it('returns the same after 20,000 calls, when the engine has optimized URL parsing', () => {
    const missed = Array.from({ length: 20_000 }, () => uriForms('https://caf\u00e9.example/'));
    expect(missed.filter((forms) => forms[1] !== 'https://xn--caf-dma.example/')).toEqual([]);
  });
});

describe('exampleUri()', () => {
  it.each([
    'todo://{id}',
    'file:///{+path}',
    'x://a{/b}{?c,d}{&e}{#f}',
    'x://a{.b}/{c}',
    'plain://uri',
  ])('returns a URI that matches %s', (template) => {
    expect(uriTemplateMatcher(template)(exampleUri(template))).toBe(true);
  });
});
