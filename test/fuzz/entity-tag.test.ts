import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesEntityTag } from '../../lib/protected-resource/documents/entity-tag.js';
import { anyText, nearly } from './arbitraries.js';

const OURS = '"3Nnc1sIkQoZ2v-_x"';

/** `entity-tag` of RFC 9110, section 8.8.3; `etagc` may be a comma. */
const entityTag = fc
  .tuple(
    fc.constantFrom('', 'W/'),
    fc.oneof(
      fc.constant(OURS),
      fc.stringMatching(/^"[\x21\x23-\x7e]{0,6}"$/),
      fc.constantFrom('","', '",*,"', '"*"', `"x${OURS.slice(1)}`, '"W/"'),
    ),
  )
  .map(([weakness, tag]) => ({ tag, text: weakness + tag }));
const tags = fc.array(entityTag, { minLength: 1, maxLength: 5 });
const separator = fc.constantFrom(',', ', ', ' , ', ',\t');

describe('the comparison of If-None-Match', () => {
  it('matches if the tag is listed, strong or weak, and only then', () => {
    fc.assert(
      fc.property(tags, separator, (named, between) => {
        const header = named.map(({ text }) => text).join(between);
        expect(matchesEntityTag(header, OURS)).toBe(named.some(({ tag }) => tag === OURS));
      }),
    );
  });

  it('does not match a value that contains neither the tag nor "*"', () => {
    const header = fc.oneof(anyText, nearly(tags.map((all) => all.map(({ text }) => text).join())));
    fc.assert(
      fc.property(header, (given) => {
        if (matchesEntityTag(given, OURS) && given.trim() !== '*') {
          expect(given).toContain(OURS);
        }
      }),
    );
  });
});
