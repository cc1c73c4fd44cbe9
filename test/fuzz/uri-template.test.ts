import { UriTemplate as UriTemplateV1 } from '@modelcontextprotocol/sdk/shared/uriTemplate.js';
import { UriTemplate } from '@modelcontextprotocol/server';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exampleUri, uriForms } from '../../lib/mcp/operations/uri-template.js';
import { uriTemplateMatcher } from '../support/mcp/matchers.js';
import { anyText, nearly, nearlyUrl } from './arbitraries.js';

const NAMES = ['id', 'a', 'b', 'path'];
const literal = fc.constantFrom(
  'todo://',
  '/',
  'notes',
  '-',
  '.',
  '?',
  '#',
  'A',
  'é',
  '(',
  '+',
  '%2F',
);
const expression = fc
  .tuple(
    fc.constantFrom('', '', '', '+', '#', '.', '/', '?', '&'),
    fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '*'),
  )
  .map(([operator, names, explode]) => `{${operator}${names.join(',')}${explode}}`);
const template = nearly(
  fc
    .array(fc.oneof(literal, expression), { minLength: 1, maxLength: 6 })
    .map((parts) => `x://${parts.join('')}`),
);
const value = fc.oneof(
  fc.string({ minLength: 1, maxLength: 6 }),
  fc.constantFrom('1', 'a/b', 'A', '%2F', '?', '#', '.', 'ä', 'a,b', '-'),
);
const values = fc.record(Object.fromEntries(NAMES.map((name) => [name, value])));

/** Returns `true` if the SDKs accept a URI for this template. */
function takes(uri: string, given: string): boolean {
  return [UriTemplate, UriTemplateV1].some((Template) => {
    try {
      return new Template(given).match(uri) !== null;
    } catch {
      return false;
    }
  });
}

function expanded(given: string, all: Record<string, string>): string {
  try {
    return new UriTemplate(given).expand(all);
  } catch {
    return given;
  }
}

describe('a URI template', () => {
  it('matches every URI that an SDK matches, for any template', () => {
    let taken = 0;
    const pair = template.chain((given) =>
      fc.tuple(
        fc.constant(given),
        fc.oneof(
          { weight: 3, arbitrary: values.map((all) => expanded(given, all)) },
          { weight: 2, arbitrary: nearly(values.map((all) => expanded(given, all))) },
          { weight: 1, arbitrary: fc.oneof(nearlyUrl, anyText) },
        ),
      ),
    );
    fc.assert(
      fc.property(pair, ([given, uri]) => {
        const matches = uriTemplateMatcher(given);
        for (const form of [uri, ...uriForms(uri)]) {
          if (takes(form, given)) {
            taken++;
            expect({ given, form, matches: matches(form) }).toEqual({ given, form, matches: true });
          }
        }
        expect(matches(given)).toBe(true);
        expect(exampleUri(given)).not.toMatch(/\{[^{}]*\}/);
      }),
    );
    expect(taken).toBeGreaterThan(0);
  });
});
