import { FETCH_TIMEOUT, RECOVERY } from '../settings.js';
import type { AuthorizationServer } from '../world/authorization-server.js';

/** A way for an authorization server to be out of order. */
export interface Outage {
  name: string;
  adapter: 'express' | 'fastify';
  fail: (server: AuthorizationServer) => Promise<void>;
  /** Milliseconds in which a good token must be accepted once it is over. */
  bound: number;
}

const answering = (fault: string) => (server: AuthorizationServer) => server.fail(fault);

/** On both adapters by turns: what is done about an outage is the same. */
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
