import type { LookupAddress } from 'node:dns';
import dns from 'node:dns/promises';
import { InFlight } from '../../cache/in-flight.js';
import { AuthorizationServerUnavailableError } from '../../errors/authorization-server.error.js';

/** One for each host, however many wait. */
const lookups = new InFlight<string, LookupAddress[]>();

/**
 * Looks the host of a URL up, with the system's resolver.
 *
 * `dns.lookup` cannot be cancelled, and occupies one of the few threads that the whole process has for it. So
 * a look-up is in progress until it settles, whoever has given up waiting, and no other one of the same host
 * starts before that. Once it has taken longer than anybody waits, further callers are told at once.
 *
 * @param patience - milliseconds that a caller waits
 * @throws AuthorizationServerUnavailableError if a look-up of this host has not ended for so long
 */
export function lookUpHost({ hostname }: URL, patience: number): Promise<LookupAddress[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const waited = performance.now() - (lookups.since(host) ?? Infinity);
  if (waited >= patience) {
    throw new AuthorizationServerUnavailableError(
      `The address of ${host} has been looked up for ${Math.round(waited / 1000)} s without an end; the name servers of this machine do not answer.`,
    );
  }
  const addresses = lookups.run(host, () => dns.lookup(host, { all: true }));
  // Whoever waits is told; nobody may.
  addresses.catch(() => undefined);
  return addresses;
}
