import { FETCH_TIMEOUT, RECOVERY } from '../settings.js';
import type { AuthorizationServer } from '../world/authorization-server.js';

/** A way in which an authorization server fails. */
export interface Outage {
  name: string;
  adapter: 'express' | 'fastify';
  fail: (server: AuthorizationServer) => Promise<void>;
  /** The milliseconds within which a good token must be accepted after the outage. */
  bound: number;
}

const answering = (fault: string) => (server: AuthorizationServer) => server.fail(fault);

/** The outages. Each runs on one adapter only, because the library handles outages in the same way on both adapters. */
export const OUTAGES: readonly Outage[] = [
  {
    name: 'refuses connections',
    adapter: 'express',
    fail: (server) => server.down(),
    bound: RECOVERY,
  },
  {
    name: 'hangs',
    adapter: 'fastify',
    fail: answering('hangs before its headers'),
    bound: RECOVERY + FETCH_TIMEOUT,
  },
  {
    name: 'resets connections',
    adapter: 'express',
    fail: answering('closes without an answer'),
    bound: RECOVERY,
  },
  {
    name: 'speaks something else, as when TLS fails',
    adapter: 'fastify',
    fail: answering('speaks something else than HTTP'),
    bound: RECOVERY,
  },
  { name: 'answers 503', adapter: 'express', fail: answering('answers 503'), bound: RECOVERY },
];
