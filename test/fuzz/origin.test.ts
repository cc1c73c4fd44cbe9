import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccessDeniedException } from 'nestjs-mcp-auth';
import { OriginPolicy } from '../../lib/mcp/origin-policy.js';
import { anyText, host, nearly } from './arbitraries.js';

const LOCAL = 'http://localhost:3000/mcp';
const PUBLIC = 'https://api.example.com/mcp';
const ALLOWED = 'https://app.example.com';

const port = fc.constantFrom('', ':3000', ':443', ':0', ':');
const origin = fc.oneof(
  anyText,
  fc.constantFrom('null', '', '*', ALLOWED, 'https://api.example.com', `${ALLOWED}.evil.com`),
  nearly(
    fc
      .tuple(fc.constantFrom('http://', 'https://', 'HTTP://', 'file://'), host, port)
      .map((parts) => parts.join('')),
  ),
);
const hostHeader = fc.oneof(
  anyText,
  nearly(fc.tuple(host, port).map((parts) => parts.join(''))),
  fc.constantFrom(
    'evil.com#localhost',
    'localhost@evil.com',
    'evil.com/localhost',
    'localhost\\.evil',
  ),
);

/** `127.0.0.1` in any of the ways that URLs write it, or a name below `localhost`, and only that. */
const LOOPBACK =
  /^(?:(?:[\w-]+\.)*localhost|127(?:\.[0-9a-fx]+){1,3}|0x7f(?:\.?[0-9a-fx]+)*|0177\.[\d.]+|2130706433|\[::1\]|\[0*:[0:]*:0*1\])$/i;

function isAllowed(policy: OriginPolicy, headers: Record<string, string>): boolean {
  try {
    policy.assertAllowed(headers);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(AccessDeniedException);
    // Nothing of what was sent is told back.
    const told = JSON.stringify((error as AccessDeniedException).getResponse());
    expect(told).toMatch(/Pages of this origin|This server is for its own machine/);
    return false;
  }
}

describe('an accepted Origin', () => {
  it('of a public resource is exactly its own or an allowed one', () => {
    const policy = new OriginPolicy({ resource: PUBLIC, allowedOrigins: [ALLOWED] });
    fc.assert(
      fc.property(origin, (given) => {
        expect(isAllowed(policy, { origin: given, host: 'anything' })).toBe(
          given === ALLOWED || given === 'https://api.example.com',
        );
      }),
    );
  });

  it('of a resource on loopback is on loopback, or an allowed one', () => {
    const policy = new OriginPolicy({ resource: LOCAL, allowedOrigins: [ALLOWED] });
    let allowed = 0;
    fc.assert(
      fc.property(origin, (given) => {
        if (isAllowed(policy, { origin: given, host: 'localhost:3000' }) && given !== ALLOWED) {
          allowed++;
          const [, name = ''] = /^https?:\/\/(.*?)(?::\d+)?$/.exec(given) ?? [];
          expect({ given, name }).toEqual({ given, name: expect.stringMatching(LOOPBACK) });
        }
      }),
    );
    expect(allowed).toBeGreaterThan(0);
  });
});

describe('an accepted Host', () => {
  it('of a resource on loopback is a loopback name or address', () => {
    const policy = new OriginPolicy({ resource: LOCAL, allowedOrigins: ['*'] });
    let allowed = 0;
    fc.assert(
      fc.property(hostHeader, (given) => {
        if (isAllowed(policy, { host: given })) {
          allowed++;
          const name = given.replace(/:\d*$/, '');
          expect({ given, name }).toEqual({ given, name: expect.stringMatching(LOOPBACK) });
        }
      }),
    );
    expect(allowed).toBeGreaterThan(0);
  });
});
