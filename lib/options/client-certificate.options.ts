import { BlockList, isIP } from 'node:net';
import { ArrayNotEmpty, IsArray, IsIn, Matches } from 'class-validator';
import type { Form } from './plain.js';
import { constraint } from './validation/constraint.js';
import { EachItem } from './validation/each-item.js';
import { must } from './validation/must.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

export const CLIENT_CERTIFICATE_FORMATS = [
  'rfc9440',
  'url-encoded-pem',
  'base64-der',
  'base64-der-chain',
  'xfcc',
] as const;

/**
 * The format in which a proxy writes a certificate into a header field.
 *
 * @experimental It may change in any version.
 */
export type ClientCertificateFormat = (typeof CLIENT_CERTIFICATE_FORMATS)[number];

/** The header field in which a proxy that terminates TLS sends the client's certificate. */
export type ClientCertificateHeader = Form<ClientCertificateSettings, 'header' | 'trustedProxies'>;

/** Checks that a value is an IP address or a subnet. A subnet of all addresses is not valid. */
const IsSubnet = constraint('isSubnet', (value) => {
  const text = typeof value === 'string' ? value : '';
  const [, net = '', prefix] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = isIP(net);
  if (family === 0 || Number(prefix ?? 1) > (family === 6 ? 128 : 32)) {
    return 'must be an IP address or a subnet, such as "10.1.2.3" or "10.0.0.0/8"';
  }
  return Number(prefix) === 0
    ? 'must not include every address; name the addresses of the proxy'
    : undefined;
});

const NeedsHeader = () =>
  OnlyIf<ClientCertificateSettings>(
    ({ header }) => header !== undefined,
    'has no effect without "header"; add that, or leave this out',
  );

/**
 * The class that validates {@link ClientCertificateHeader}. Without a header, the certificate is read
 * from the TLS connection.
 */
export class ClientCertificateSettings {
  /** The name of the header field, such as `Client-Cert`. The proxy must remove it when a client sends it. */
  @Optional()
  @Matches(/^[a-z][a-z0-9-]*$/i, {
    message: 'must be the name of a header field, such as "Client-Cert"',
  })
  @OnlyIf<ClientCertificateSettings>(
    ({ trustedProxies }) => trustedProxies !== undefined,
    'needs "trustedProxies" next to it; name the addresses of the proxy there',
  )
  header?: string;

  /**
   * The format of the header field.
   *
   * - `'rfc9440'`: base64 of DER between colons, as HAProxy and Caddy can be told to send it.
   * - `'url-encoded-pem'`: as nginx (`$ssl_client_escaped_cert`) and AWS load balancers send it. Of a chain,
   *   the first certificate is the client's.
   * - `'base64-der'`: base64 of DER, without colons.
   * - `'base64-der-chain'`: certificates in `'base64-der'`, separated by commas, as Traefik sends them. The first
   *   is the client's.
   * - `'xfcc'`: the `Hash` in `X-Forwarded-Client-Cert` of Envoy and Istio. Only one `Hash` may be there, so the
   *   proxy must replace the field (`SANITIZE_SET`) and not append to it.
   *
   * A field of more than 65,536 characters is not read.
   *
   * @defaultValue `'rfc9440'`
   *
   * @experimental It may change in any version.
   */
  @Optional()
  @NeedsHeader()
  @IsIn(CLIENT_CERTIFICATE_FORMATS, must.beOneOf)
  format?: ClientCertificateFormat;

  /**
   * The addresses from which the proxy connects: single ones, such as `10.1.2.3`, or subnets, such as
   * `10.0.0.0/8`. The header field is ignored if it comes from any other address.
   */
  @Optional()
  @NeedsHeader()
  @IsArray(must.beAnArray)
  @ArrayNotEmpty({ message: 'must contain at least one address' })
  @EachItem(IsSubnet())
  trustedProxies?: string[];
}

/** Makes a list of subnets that can be checked for an address. */
export function blockListOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = '', prefix] = subnet.split('/');
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(
      net,
      prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix),
      family,
    );
  }
  return list;
}
