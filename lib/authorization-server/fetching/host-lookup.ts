import type { LookupAddress } from 'node:dns';
import dns from 'node:dns/promises';
import { AuthorizationServerUnavailableError } from '../../errors/authorization-server.error.js';

interface Lookup {
  readonly since: number;
  readonly addresses: Promise<LookupAddress[]>;
}

/** The look-ups in progress, by host: one for each, however many wait. */
const inProgress = new Map<string, Lookup>();

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
  const { since, addresses } = inProgress.get(host) ?? start(host);
  const waited = performance.now() - since;
  if (waited >= patience) {
    throw new AuthorizationServerUnavailableError(
      `The address of ${host} has been looked up for ${Math.round(waited / 1000)} s without an end; the name servers of this machine do not answer.`,
    );
  }
  return addresses;
}

function start(host: string): Lookup {
  const addresses = dns.lookup(host, { all: true }).finally(() => inProgress.delete(host));
  // Whoever waits is told; nobody may.
  addresses.catch(() => undefined);
  const lookup = { since: performance.now(), addresses };
  inProgress.set(host, lookup);
  return lookup;
}
