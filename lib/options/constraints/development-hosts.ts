import { isLoopback } from '../../url/loopback.js';
import { parseUrl } from '../../url/parse-url.js';
import { constraint } from '../validation/constraint.js';
import { holderOf } from '../validation/holders.js';

/** The options of a protected resource that `developmentHosts` concerns. They may still be invalid. */
interface DevelopmentResource {
  developmentHosts?: unknown;
  metadata?: { resource?: unknown };
}

const ENVIRONMENTS: readonly unknown[] = ['development', 'test'];

/**
 * Returns `true` if `NODE_ENV` says that this is not production. Returns `false` without `NODE_ENV`, since that may be
 * production.
 */
export const isDevelopment = (): boolean => ENVIRONMENTS.includes(process.env.NODE_ENV);

/**
 * Returns `true` for an `http:` URL whose host is one of the `developmentHosts` of its resource.
 *
 * @param owner - the resource, or options within it
 */
export function isDevelopmentUrl(value: unknown, owner: object | undefined): boolean {
  if (owner === undefined) {
    return false;
  }
  const { developmentHosts } = owner as DevelopmentResource;
  const hostname = typeof value === 'string' ? parseUrl(value)?.hostname : undefined;
  return Array.isArray(developmentHosts)
    ? developmentHosts.includes(hostname)
    : isDevelopmentUrl(value, holderOf(owner));
}

/**
 * Returns `true` if the host of the resource is this machine, or if it is one of the `developmentHosts` and the URL has
 * `http:`. Returns `true` for an invalid URL too, because its own constraint reports it.
 */
export function isLocalResource({ developmentHosts, metadata }: DevelopmentResource): boolean {
  const { resource } = metadata ?? {};
  const url = typeof resource === 'string' ? parseUrl(resource) : undefined;
  const isDevelopmentHost = isDevelopmentUrl(resource, { developmentHosts });
  return url === undefined || isLoopback(url) || (url.protocol === 'http:' && isDevelopmentHost);
}

/** A name, an IPv4 address, or an IPv6 address in brackets. */
const HOST = /^(?:[a-z0-9._-]+|\[[a-f0-9:.]+\])$/;

/** Checks for a host in the form that a parsed URL has: in lower case, without a port. */
export const IsHost = constraint('isHost', (value) =>
  typeof value === 'string' && HOST.test(value) && parseUrl(`http://${value}/`)?.hostname === value
    ? undefined
    : 'must be a host name or an IP address in lower case, without scheme and port, such as "host.docker.internal"',
);
