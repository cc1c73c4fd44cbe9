import { isIP } from 'node:net';

/** Writes a name or an address as the host of a URL. IPv6 addresses have brackets there. */
export function hostInUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
