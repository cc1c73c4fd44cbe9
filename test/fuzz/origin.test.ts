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

/** Returns the policy of a resource with these allowed origins and hosts for development. */
const policyOf = (resource: string, allowedOrigins: string[], developmentHosts: string[] = []) =>
  new OriginPolicy({ resource, allowedOrigins, developmentHosts });

/** `127.0.0.1` in any of the ways that URLs write it, or a name below `localhost`, and only that. */
const LOOPBACK =
  /^(?:(?:[\w-]+\.)*localhost|127(?:\.[0-9a-fx]+){1,3}|0x7f(?:\.?[0-9a-fx]+)*|0177\.[\d.]+|2130706433|\[::1\]|\[0*:[0:]*:0*1\])$/i;

function isAllowed(policy: OriginPolicy, headers: Record<string, string>): boolean {
  try {
    policy.assertAllowed(headers);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(AccessDeniedException);
    // The answer contains no part of the header.
    const told = JSON.stringify((error as AccessDeniedException).getResponse());
    expect(told).toMatch(/Pages of this origin|This server may be called only under/);
    return false;
  }
}

describe('an accepted Origin', () => {
  it('of a public resource is exactly its own origin or an allowed origin', () => {
    const policy = policyOf(PUBLIC, [ALLOWED]);
    fc.assert(
      fc.property(origin, (given) => {
        expect(isAllowed(policy, { origin: given, host: 'anything' })).toBe(
          given === ALLOWED || given === 'https://api.example.com',
        );
      }),
    );
  });

  it('of a resource on loopback is on loopback, or is an allowed origin', () => {
    const policy = policyOf(LOCAL, [ALLOWED]);
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

describe('an accepted header of a resource with hosts for development', () => {
  const policy = policyOf('http://notes-api:3000/mcp', [], ['notes-api', '192.168.1.5']);

  it('Host names one of these hosts or loopback', () => {
    const given = fc.oneof(
      hostHeader,
      nearly(
        fc.tuple(fc.constantFrom('notes-api', '192.168.1.5'), port).map((all) => all.join('')),
      ),
    );
    fc.assert(
      fc.property(given, (sent) => {
        if (isAllowed(policy, { host: sent })) {
          const name = new URL(`http://${sent}`).hostname;
          expect(['notes-api', '192.168.1.5'].includes(name) || LOOPBACK.test(name)).toBe(true);
        }
      }),
    );
    expect(isAllowed(policy, { host: 'notes-api:3000' })).toBe(true);
  });

  it('Origin has one of these hosts or loopback', () => {
    const given = fc.oneof(
      origin,
      nearly(fc.constantFrom('http://notes-api:5173', 'https://192.168.1.5')),
    );
    fc.assert(
      fc.property(given, (sent) => {
        if (isAllowed(policy, { origin: sent, host: 'notes-api:3000' })) {
          const { hostname, origin: whole } = new URL(sent);
          expect(whole).toBe(sent);
          expect(['notes-api', '192.168.1.5'].includes(hostname) || LOOPBACK.test(hostname)).toBe(
            true,
          );
        }
      }),
    );
    expect(isAllowed(policy, { origin: 'http://notes-api:5173', host: 'localhost' })).toBe(true);
  });
});

describe('an accepted Host', () => {
  it('of a resource on loopback is a loopback name or address', () => {
    const policy = policyOf(LOCAL, ['*']);
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
