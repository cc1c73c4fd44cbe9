import type { LookupAddress } from 'node:dns';
import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import { Nearness, nearness } from '../../url/nearness.js';
import { lookUpHost } from './host-lookup.js';

/**
 * To which addresses an authorization server's documents may lead.
 *
 * The operator chose the issuer: its own host and port is where it is, on several networks at once, too. Other
 * documents may not be nearer than the farthest of its addresses: not on a private network while the issuer is
 * public, not on this machine while the issuer is on another.
 *
 * An issuer that was seen at public addresses only stays public, so that a name server cannot send us
 * elsewhere later (DNS rebinding).
 */
export class IssuerNetwork {
  /** Of all addresses that the issuer's host ever had. */
  private farthest: number = Nearness.thisMachine;
  /** Of the addresses that the issuer's host had at first. */
  private nearest: number | undefined;

  constructor(
    private readonly issuer: string,
    private readonly allowPrivateNetwork = false,
  ) {}

  /**
   * Returns the addresses of a URL's host. Connect to no others: looked up again, the name may lead elsewhere.
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
        `${url.href} leads to an address on a private network or on this machine, which the issuer ${this.issuer} is not on; set allowPrivateNetwork of this authorization server if that is meant.`,
      );
    }
    return addresses;
  }

  /** An issuer that cannot be found counts as public. */
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
