import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { AuthInfo } from 'nestjs-mcp-auth';
import { bindSession } from '../../../../lib/mcp/session/session-binding.js';
import { SessionOwners } from '../../../../lib/mcp/session/session-owners.js';

const caller = (subject: string | undefined, issuer = 'https://a.example', clientId = 'c') =>
  ({ issuer, subject, clientId }) as AuthInfo;
const alice = caller('alice');

/** Runs one request with the session id `requested`, and its response with the session id `answered`. */
function exchange(
  owners: SessionOwners,
  who: AuthInfo | undefined,
  {
    requested,
    answered,
    method = 'POST',
    status = 200,
  }: {
    requested?: string;
    answered?: string;
    method?: string;
    status?: number;
  },
): void {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const headers = requested === undefined ? {} : { 'mcp-session-id': requested };
  bindSession(owners, who, { method, headers }, response);
  response.writeHead(status, answered === undefined ? {} : { 'Mcp-Session-Id': answered });
}

describe('a session', () => {
  it('belongs to the first caller who receives its id', () => {
    const owners = new SessionOwners();
    exchange(owners, alice, { answered: '1' });
    exchange(owners, caller('bob'), { answered: '1' });
    expect(owners.isForeign('1', alice)).toBe(false);
    expect(owners.isForeign('1', caller('bob'))).toBe(true);
    expect(owners.isForeign('1', undefined)).toBe(true);
    expect(owners.isForeign('2', caller('bob'))).toBe(false);
  });

  it.each([
    ['another issuer', caller('alice', 'https://b.example')],
    ['a client with the name of its owner', caller(undefined, 'https://a.example', 'alice')],
    ['an anonymous caller', undefined],
  ])('is not found for %s', (_, other) => {
    const owners = new SessionOwners();
    exchange(owners, alice, { answered: '1' });
    expect(() => exchange(owners, other, { requested: '1' })).toThrow('Session not found');
  });

  it('of another caller is rejected also among several ids in one header', () => {
    const owners = new SessionOwners();
    exchange(owners, alice, { answered: '1' });
    expect(() => exchange(owners, caller('bob'), { requested: 'x, 1' })).toThrow();
    expect(() => exchange(owners, alice, { requested: 'x, 1' })).not.toThrow();
  });

  it('is not bound by an error response', () => {
    const owners = new SessionOwners();
    exchange(owners, caller('bob'), { answered: '1', status: 404 });
    expect(owners.isForeign('1', alice)).toBe(false);
  });

  it('is released once its owner has ended it, and not before', () => {
    const owners = new SessionOwners();
    const bob = caller('bob');
    exchange(owners, alice, { answered: '1' });
    exchange(owners, alice, { requested: '1', method: 'DELETE', status: 405 });
    expect(owners.isForeign('1', bob)).toBe(true);
    expect(() => exchange(owners, bob, { requested: '1', method: 'DELETE' })).toThrow();
    expect(owners.isForeign('1', bob)).toBe(true);
    exchange(owners, alice, { requested: '1', method: 'DELETE', answered: '1' });
    expect(owners.isForeign('1', bob)).toBe(false);
  });
});
