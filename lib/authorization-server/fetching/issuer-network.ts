import type { LookupAddress } from 'node:dns';
import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import { Nearness, nearness } from '../../url/nearness.js';
import { lookUpHost } from './host-lookup.js';

/**
 * Checks to which addresses this application may connect for an authorization server. Without this check,
 * the server's metadata could make the application call internal services (SSRF).
 *
 * The levels of {@link nearness} are, nearest first: this machine, a private network, the internet.
 *
 * The operator chose the issuer, so a URL with its scheme, host and port may have any address. The address of
 * any other URL must not be nearer than the issuer. If the issuer has several addresses, the farthest counts.
 *
 * Later look-ups of the issuer's own host must not return an address that is nearer than all addresses of the
 * first look-up. This prevents a name server from redirecting the application to an internal address (DNS
 * rebinding).
 */
export class IssuerNetwork {
  /** The nearness of the farthest address that the issuer's host had in any look-up. */
  private farthest: number = Nearness.thisMachine;
  /** The nearness of the nearest address that the issuer's host had in its first look-up. */
  private nearest: number | undefined;

  constructor(
    private readonly issuer: string,
    private readonly allowPrivateNetwork = false,
  ) {}

  /**
   * Returns the addresses of a URL's host. Connect only to these, because a second look-up may return others.
   *
   * @param timeout - milliseconds that the caller waits
   * @throws InvalidAuthorizationServerMetadataError if one of the addresses is nearer than allowed
   */
  async addressesOf(url: URL, timeout: number): Promise<LookupAddress[]> {
    if (this.allowPrivateNetwork) {
      return lookUpHost(url, timeout);
    }
    const isOwn = url.origin === new URL(this.issuer).origin;
    const allowed = isOwn ? undefined : await this.nearnessOfIssuer(timeout);
    const addresses = await lookUpHost(url, timeout);
    if (isOwn) {
      this.noteNearness(addresses);
    }
    if (addresses.some(({ address }) => nearness(address) > (allowed ?? this.nearest ?? 0))) {
      throw new InvalidAuthorizationServerMetadataError(
        `${url.href} leads to an address on a private network or on this machine, which is nearer than the issuer ${this.issuer}. If this is intended, set allowPrivateNetwork of this authorization server.`,
      );
    }
    return addresses;
  }

  /** Returns the nearness of the issuer. If its host cannot be looked up, the issuer counts as public. */
  private async nearnessOfIssuer(timeout: number): Promise<number> {
    try {
      this.noteNearness(await lookUpHost(new URL(this.issuer), timeout));
      return this.farthest;
    } catch {
      return Nearness.public;
    }
  }

  private noteNearness(addresses: readonly LookupAddress[]): void {
    const found = addresses.map(({ address }) => nearness(address));
    this.farthest = Math.min(this.farthest, ...found);
    this.nearest ??= Math.max(...found);
  }
}
