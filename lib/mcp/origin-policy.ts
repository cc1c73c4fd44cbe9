import type { IncomingHttpHeaders } from 'node:http';
import { AccessDeniedException } from '../challenge/bearer-auth.exception.js';
import { isLoopback } from '../url/loopback.js';
import { parseUrl } from '../url/parse-url.js';

/** The part of a protected resource that the policy reads. */
interface CallableResource {
  readonly resource: string;
  readonly allowedOrigins: readonly string[];
  readonly developmentHosts: readonly string[];
}

/**
 * Rejects calls to an MCP endpoint from pages of other sites. If the resource is on loopback or on a host for
 * development, also rejects calls under any other host name, because a page can point a host name of its own to this
 * machine (DNS rebinding). See MCP transports, "Security Warning".
 */
export class OriginPolicy {
  /** `true` if the resource is on loopback, or on a host for development. */
  private readonly isLocal: boolean;
  private readonly allowed: ReadonlySet<string>;
  private readonly developmentHosts: readonly string[];

  constructor(resource: CallableResource) {
    const url = new URL(resource.resource);
    this.developmentHosts = resource.developmentHosts;
    this.isLocal = this.isLocalHost(url);
    this.allowed = new Set([url.origin, ...resource.allowedOrigins]);
  }

  /** @throws AccessDeniedException if the origin of the page, or the host name, is not allowed */
  assertAllowed(headers: IncomingHttpHeaders): void {
    const { origin, host = headers[':authority'] } = headers;
    if (origin !== undefined && !this.isAllowed(origin)) {
      throw new AccessDeniedException(
        'Pages of this origin may not call this endpoint (allowedOrigins).',
      );
    }
    if (this.isLocal && typeof host === 'string' && !this.isLocalHost(hostUrl(host))) {
      throw new AccessDeniedException(
        'This server may be called only under a loopback host name, or a name in developmentHosts.',
      );
    }
  }

  private isAllowed(origin: string): boolean {
    return (
      this.allowed.has(origin) ||
      this.allowed.has('*') ||
      (this.isLocal && this.isLocalOrigin(origin))
    );
  }

  private isLocalOrigin(origin: string): boolean {
    const url = parseUrl(origin);
    return url?.origin === origin && this.isLocalHost(url);
  }

  private isLocalHost(url: URL | undefined): boolean {
    return url !== undefined && (isLoopback(url) || this.developmentHosts.includes(url.hostname));
  }
}

/** Returns the URL of a `Host` header. */
function hostUrl(host: string): URL | undefined {
  return /^[\w.:[\]-]+$/.test(host) ? parseUrl(`http://${host}`) : undefined;
}
