import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { toCamelCase, toSnakeCase } from '../../../lib/metadata/camel-case.js';

describe('toSnakeCase() and toCamelCase()', () => {
  it('convert every name back and forth', () => {
    const name = fc.stringMatching(/^[a-z]+(_[a-z][a-z0-9]*)*$/);
    fc.assert(fc.property(name, (snake) => toSnakeCase(toCamelCase(snake)) === snake));
  });
});
