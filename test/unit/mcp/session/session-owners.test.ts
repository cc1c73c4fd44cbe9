import { describe, expect, it } from '@jest/globals';
import type { AuthInfo } from 'nestjs-mcp-auth';
import { SessionOwners } from '../../../../lib/mcp/session/session-owners.js';

const caller = (subject: string) =>
  ({ issuer: 'https://a.example', subject, clientId: 'c' }) as AuthInfo;
const alice = caller('alice');

describe('a session', () => {
  it('is not evicted by the sessions of another caller', () => {
    const owners = new SessionOwners();
    const bob = caller('bob');
    owners.bind('alice-1', alice);
    for (let count = 0; count < 20_000; count++) {
      owners.bind(`bob-${count}`, bob);
    }
    expect(owners.isForeign('alice-1', bob)).toBe(true);
    expect(owners.isForeign('bob-0', alice)).toBe(false);
    expect(owners.isForeign('bob-19999', alice)).toBe(true);
  });

  it('is evicted after ten thousand newer sessions, unless it was used', () => {
    const owners = new SessionOwners();
    const bob = caller('bob');
    owners.bind('used', alice);
    owners.bind('unused', alice);
    for (let count = 0; count < 9_999; count++) {
      if (count === 5_000) {
        owners.bind('used', alice);
      }
      owners.bind(`other-${count}`, { ...alice, subject: `user-${count % 200}` });
    }
    expect(owners.isForeign('used', bob)).toBe(true);
    expect(owners.isForeign('unused', bob)).toBe(false);
    expect(owners.isForeign('other-0', bob)).toBe(true);
  });
});
