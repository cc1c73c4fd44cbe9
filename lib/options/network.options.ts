import { OnlyIf } from './validation/only-if.js';
import { IsCertificate } from './constraints/certificates.js';
import { IsProxy } from './constraints/network.js';
import { IsFunction } from './constraints/values.js';
import type { Plain } from './plain.js';
import { OneOrMore } from './validation/each-item.js';
import { Optional } from './validation/optional.js';

/** The options for reaching the authorization servers. */
export type NetworkOptions = Plain<NetworkSettings>;

/** The class that validates {@link NetworkOptions}. */
export class NetworkSettings {
  /**
   * The forward proxy for metadata, JWK Sets and introspection: its URL, or `'environment'` for what
   * `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say at start-up. Needs the package `undici` 7 or later.
   *
   * The proxy looks up the hosts. This library then does **not** check to which addresses they lead, and does
   * not limit look-ups.
   *
   * @defaultValue no proxy, whatever the environment says
   */
  @Optional()
  @OnlyIf<NetworkSettings>(
    ({ fetch }) => fetch === undefined,
    'has no effect with "fetch", which chooses its own way; remove one of the two',
  )
  @IsProxy()
  proxy?: string;

  /**
   * The certificates of private certificate authorities in PEM, trusted in addition to the authorities that come with
   * Node. The authorities of `NODE_EXTRA_CA_CERTS` are then **not** trusted: name their certificates here too.
   *
   * @defaultValue none
   */
  @Optional()
  @OnlyIf<NetworkSettings>(
    ({ fetch }) => fetch === undefined,
    'has no effect with "fetch", which chooses whom to trust; remove one of the two',
  )
  @OneOrMore(IsCertificate())
  ca?: string | string[];

  /**
   * Your own `fetch`, such as that of `undici` with a dispatcher. This library still limits time, size,
   * status, encoding and redirects, if your `fetch` passes `signal` and `redirect` on. It does **not** check
   * addresses, and does not limit look-ups.
   *
   * @defaultValue the built-in client
   */
  @Optional()
  @IsFunction()
  fetch?: typeof fetch;
}
