import type { LookupAddress } from 'node:dns';
import dns from 'node:dns/promises';
import { InFlight } from '../../cache/in-flight.js';
import { AuthorizationServerUnavailableError } from '../../errors/authorization-server.error.js';

/** The look-ups in progress: at most one for each host, however many callers wait. */
const lookups = new InFlight<string, LookupAddress[]>();

/**
 * Looks up the host of a URL, with the system's resolver.
 *
 * `dns.lookup` cannot be cancelled, and occupies one of the few threads that the whole process has for it. So
 * a look-up stays in flight until it settles, even if all callers gave up. No other look-up of the same host
 * starts before that. If the look-up has taken longer than a caller would wait, further callers get an error
 * at once.
 *
 * @param timeout - milliseconds that a caller waits
 * @throws AuthorizationServerUnavailableError if a look-up of this host has been in flight for at least `timeout`
 */
export function lookUpHost({ hostname }: URL, timeout: number): Promise<LookupAddress[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const waited = performance.now() - (lookups.since(host) ?? Infinity);
  if (waited >= timeout) {
    throw new AuthorizationServerUnavailableError(
      `The address of ${host} has been looked up for ${Math.round(waited / 1000)} s without result; the name servers of this machine do not answer.`,
    );
  }
  const addresses = lookups.run(host, () => dns.lookup(host, { all: true }));
  // The callers get the error. If none is left, it must not be an unhandled rejection.
  addresses.catch(() => undefined);
  return addresses;
}
