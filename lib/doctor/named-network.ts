import type { LookupAddress } from 'node:dns';
import { InvalidAuthorizationServerMetadataError } from '../errors/authorization-server.error.js';
import { IssuerNetwork } from '../authorization-server/fetching/issuer-network.js';

/**
 * Checks to which addresses the doctor may connect. The user chose one URL. Documents of that server may name
 * other URLs, which must not lead nearer to this machine.
 */
export class NamedNetwork extends IssuerNetwork {
  constructor(private readonly named: string) {
    super(named);
  }

  override async addressesOf(url: URL, timeout: number): Promise<LookupAddress[]> {
    try {
      return await super.addressesOf(url, timeout);
    } catch (error) {
      if (!(error instanceof InvalidAuthorizationServerMetadataError)) {
        throw error;
      }
      throw new InvalidAuthorizationServerMetadataError(
        `${url.href} leads to a private network or to this machine. It was not asked, because ${new URL(this.named).origin} is not there.`,
        { cause: error },
      );
    }
  }
}
