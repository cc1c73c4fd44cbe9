import { describe, expect, it } from '@jest/globals';
import {
  matchResourceByUri,
  matchResourceTemplateByUri,
} from '@rekog/mcp-nest/dist/mcp/transport/resource-matcher.js';
import fc from 'fast-check';
import { MAX_LENGTH } from '../../../lib/mcp/operations/text-pattern.js';
import { mcpNestUriMatcher } from '../../support/mcp/matchers.js';

/** Returns `true` if MCP-Nest itself matches a URI to this resource or template. */
function isTaken(pattern: string, uri: string): boolean {
  try {
    return (
      matchResourceByUri([{ uri: pattern }], uri) !== undefined ||
      matchResourceTemplateByUri([{ uriTemplate: pattern }], uri) !== undefined
    );
  } catch {
    // MCP-Nest cannot read the pattern or decode the URI, so no resource is returned.
    return false;
  }
}

const piece = fc.constantFrom(
  ...['todo', 'TODO', '://', '/', '//', '{id}', '{path*}', '{?a,b}', '{b}', ':id', '*rest', '{/x}'],
  ...[
    '?',
    '?q=1',
    '#f',
    '.',
    '-',
    '%31',
    '%',
    '1',
    'é',
    'ſ',
    '\\',
    '\\:',
    ':"a b"',
    '(',
    '+',
    '\n',
  ],
);
const text = fc.array(piece, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''));

/** Returns a URI that the author of a pattern probably meant. */
const filled = (pattern: string) =>
  fc.constantFrom('1', 'a/b', 'X', '%2F', 'ä').map((value) =>
    pattern
      .replace(/\{\?[^}]*\}/g, '?a=x/y')
      .replace(/\{[^}]*\}|[:*](?:\w+|"[^"]*")/g, value)
      .replace(/\\/g, ''),
  );

describe('mcpNestUriMatcher()', () => {
  it('reads text right after a placeholder as a part of its name, as MCP-Nest does', () => {
    const [pattern, uri] = ['://{path*}todo', '://1todox://'];
    expect(isTaken(pattern, uri)).toBe(true);
    expect(mcpNestUriMatcher(pattern)(uri)).toBe(true);
  });

  it('matches every URI that MCP-Nest itself matches', () => {
    let taken = 0;
    const pairs = text.chain((pattern) =>
      fc.tuple(fc.constant(pattern), fc.oneof(text, filled(pattern))),
    );
    fc.assert(
      fc.property(pairs, fc.constantFrom('', 'x://', '/'), ([pattern, uri], extra) => {
        for (const given of [uri, extra + uri, uri + extra, uri.toUpperCase()]) {
          if (isTaken(pattern, given)) {
            taken += 1;
            expect({ pattern, given, matches: mcpNestUriMatcher(pattern)(given) }).toEqual({
              pattern,
              given,
              matches: true,
            });
          }
        }
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it.each([
    ['todo://list', 'todo://list', true],
    ['todo://list', 'todo://list/all', false],
    ['todo://list', 'todo://lists', false],
    ['todo://{id}', 'todo://1', true],
    ['todo://{id}', 'todo://1/notes', false],
    ['todo://{id}/notes', 'todo://1', false],
    ['docs://{path*}', 'docs://a/b/c', true],
    ['docs://{path*}', 'docs://', false],
    ['todo://{id}{?full}', 'todo://{id}{?full}', true],
  ])('for the pattern %s and the URI %s: %s', (pattern, uri, matches) => {
    expect(mcpNestUriMatcher(pattern)(uri)).toBe(matches);
  });

  it(`treats a URI of more than ${MAX_LENGTH} characters as a match for every resource`, () => {
    const matches = mcpNestUriMatcher('todo://list');
    expect(matches(`x://${'y'.repeat(MAX_LENGTH)}`)).toBe(false);
    expect(matches(`x://${'y'.repeat(MAX_LENGTH + 1)}`)).toBe(true);
  });
});
