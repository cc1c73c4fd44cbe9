import dns from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { InvalidAuthorizationServerMetadataError } from '../errors/authorization-server.error.js';
import { Nearness, nearness } from '../url/nearness.js';

/**
 * To which addresses an authorization server's documents may lead.
 *
 * The operator chose the issuer: its own host is trusted to be where it is. Nothing may be nearer:
 * not on a private network while the issuer is public, not on this machine while the issuer is on
 * another. An issuer that was seen at a public address stays public, so that a name server cannot
 * send us elsewhere later (DNS rebinding).
 */
export class IssuerNetwork {
  private nearest: number = Nearness.thisMachine;

  constructor(
    private readonly issuer: string,
    private readonly allowPrivateNetwork = false,
  ) {}

  /**
   * The addresses of a URL's host. Connect to no others: looked up again, the name may lead elsewhere.
   *
   * @throws InvalidAuthorizationServerMetadataError if one of them is nearer than the issuer
   */
  async addressesOf(url: URL): Promise<LookupAddress[]> {
    if (this.allowPrivateNetwork) {
      return lookup(url);
    }
    const allowed = await this.nearnessOfIssuer();
    const addresses = await lookup(url);
    if (addresses.some(({ address }) => nearness(address) > allowed)) {
      throw new InvalidAuthorizationServerMetadataError(
        `${url.href} leads to an address on a private network or on this machine, which the issuer ${this.issuer} is not on; set allowPrivateNetwork of this authorization server if that is meant.`,
      );
    }
    return addresses;
  }

  private async nearnessOfIssuer(): Promise<number> {
    const addresses = await lookup(new URL(this.issuer)).catch(() => undefined);
    if (addresses === undefined) {
      return Nearness.public;
    }
    this.nearest = Math.min(this.nearest, ...addresses.map(({ address }) => nearness(address)));
    return this.nearest;
  }
}

function lookup({ hostname }: URL): Promise<LookupAddress[]> {
  return dns.lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
}
