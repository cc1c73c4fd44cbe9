import type { LookupAddress } from 'node:dns';
import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import { Nearness, nearness } from '../../url/nearness.js';
import { lookUpHost } from './host-lookup.js';

/**
 * The addresses from which an authorization server's documents may be fetched.
 *
 * The operator chose the issuer, so its own host and port may be at any address, on several networks too.
 * Other documents must not be nearer than the farthest of its addresses: not on a private network if the
 * issuer is public, not on this machine if the issuer is on another one.
 *
 * An issuer whose addresses were all public at first must stay public. This prevents a name server from
 * sending this application elsewhere later (DNS rebinding).
 */
export class IssuerNetwork {
  /** The farthest of all addresses that the issuer's host ever had. */
  private farthest: number = Nearness.thisMachine;
  /** The nearest of the addresses that the issuer's host had at first. */
  private nearest: number | undefined;

  constructor(
    private readonly issuer: string,
    private readonly allowPrivateNetwork = false,
  ) {}

  /**
   * Returns the addresses of a URL's host. Connect only to these: a second look-up may return others.
   *
   * @param patience - milliseconds that the caller waits
   * @throws InvalidAuthorizationServerMetadataError if one of them is nearer than the issuer
   */
  async addressesOf(url: URL, patience: number): Promise<LookupAddress[]> {
    if (this.allowPrivateNetwork) {
      return lookUpHost(url, patience);
    }
    const isOwn = url.origin === new URL(this.issuer).origin;
    const allowed = isOwn ? undefined : await this.nearnessOfIssuer(patience);
    const addresses = await lookUpHost(url, patience);
    if (isOwn) {
      this.see(addresses);
    }
    if (addresses.some(({ address }) => nearness(address) > (allowed ?? this.nearest ?? 0))) {
      throw new InvalidAuthorizationServerMetadataError(
        `${url.href} leads to an address on a private network or on this machine, but the issuer ${this.issuer} is not there; set allowPrivateNetwork of this authorization server if that is intended.`,
      );
    }
    return addresses;
  }

  /** Returns how near the issuer is. An issuer whose address cannot be found counts as public. */
  private async nearnessOfIssuer(patience: number): Promise<number> {
    try {
      this.see(await lookUpHost(new URL(this.issuer), patience));
      return this.farthest;
    } catch {
      return Nearness.public;
    }
  }

  private see(addresses: readonly LookupAddress[]): void {
    const found = addresses.map(({ address }) => nearness(address));
    this.farthest = Math.min(this.farthest, ...found);
    this.nearest ??= Math.max(...found);
  }
}
