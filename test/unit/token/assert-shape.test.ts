import { describe, expect, it } from '@jest/globals';
import { assertShape } from '../../../lib/token/assert-shape.js';

const RESOURCE = 'https://api.example.com';
const check = (result: unknown) => {
  assertShape(result as never, { resource: RESOURCE });
};
const good = { issuer: 'https://auth.example.com' };

class Claims {
  readonly sub = 'alice';
}

describe('the result of a tokenVerifier', () => {
  it.each<[string, object]>([
    ['only an issuer', {}],
    [
      'all members',
      {
        subject: 'alice',
        clientId: 'app',
        scopes: ['read'],
        audience: [RESOURCE],
        claims: { cnf: { jkt: 'x' } },
        extra: { plan: 'pro' },
      },
    ],
    ['members that are undefined', { subject: undefined, claims: undefined, audience: undefined }],
    ['claims without a prototype', { claims: Object.create(null) as object }],
    ['claims of a class', { claims: new Claims() }],
  ])('may have %s', (_, members) => {
    expect(() => {
      check({ ...good, ...members });
    }).not.toThrow();
  });

  it.each([undefined, null, 'token', true, []])('must not be %j', (result) => {
    expect(() => {
      check(result);
    }).toThrow(/^The tokenVerifier of https:\/\/api\.example\.com must return an object/);
  });

  it.each<[string, unknown]>([
    ['issuer', undefined],
    ['issuer', 1],
    ['subject', 1],
    ['subject', null],
    ['clientId', {}],
    ['scopes', 'read'],
    ['scopes', [1]],
    ['audience', 1],
    ['audience', null],
    ['audience', { 0: RESOURCE }],
    ['audience', [RESOURCE, 1]],
    ['claims', '{"cnf":{"jkt":"x"}}'],
    ['claims', null],
    ['claims', [{ cnf: {} }]],
    ['claims', new Map([['cnf', {}]])],
    ['extra', 'pro'],
    ['extra', ['pro']],
  ])('must not have %s: %j', (member, value) => {
    expect(() => {
      check({ ...good, [member]: value });
    }).toThrow(new RegExp(`"${member}"`));
  });
});
