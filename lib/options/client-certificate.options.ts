import { BlockList, isIP } from 'node:net';
import { Optional } from './validation/optional.js';
import { Checked, eachItem, type Problem } from './validation/checked.js';
import { oneOf } from './validation/problems.js';

const FORMATS = ['rfc9440', 'url-encoded-pem', 'base64-der'] as const;

/** How a proxy writes a certificate into a header field. */
export type ClientCertificateFormat = (typeof FORMATS)[number];

/** Where a proxy, at which TLS ends, puts the certificate of the client. */
export interface ClientCertificateHeader {
  /** The name of the header field, such as `Client-Cert`. The proxy must remove it from what clients send. */
  header: string;
  /**
   * `'rfc9440'`: base64 of DER between colons. `'url-encoded-pem'`: as `$ssl_client_escaped_cert` of
   * nginx, and as AWS load balancers have it. `'base64-der'`: the base64 of DER alone.
   *
   * @defaultValue `'rfc9440'`
   */
  format?: ClientCertificateFormat;
  /**
   * The addresses that the proxy connects from, single ones or subnets: `10.1.2.3`, `10.0.0.0/8`. From
   * anybody else the header field is as if absent.
   */
  trustedProxies: string[];
}

/** The class that {@link ClientCertificateHeader} is validated as; without a header, TLS itself is asked. */
export class ClientCertificateSettings implements Partial<ClientCertificateHeader> {
  @Optional()
  @Checked<ClientCertificateSettings>('header', (value, { trustedProxies }) =>
    typeof value === 'string' && /^[a-z][a-z0-9-]*$/i.test(value)
      ? trustedProxies === undefined
        ? 'is believed of nobody without "trustedProxies"; name the addresses of the proxy there'
        : undefined
      : 'must be the name of a header field, such as "Client-Cert"',
  )
  header?: string;

  @Optional()
  @Checked('format', withHeader(oneOf(...FORMATS)))
  format?: ClientCertificateFormat;

  @Optional()
  @Checked('trustedProxies', withHeader(trustedProxiesProblem))
  trustedProxies?: string[];
}

/** The addresses that options name, as a list that can be asked. */
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

function withHeader(problem: Problem): Problem<ClientCertificateSettings> {
  return (value, owner) =>
    owner.header === undefined
      ? 'has no effect without "header"; add that, or leave this out'
      : problem(value, owner);
}

function trustedProxiesProblem(value: unknown, owner: object): string | undefined {
  return Array.isArray(value) && value.length === 0
    ? 'must hold at least one address'
    : eachItem(subnetProblem)(value, owner);
}

function subnetProblem(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : '';
  const [, net = '', prefix] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = isIP(net);
  if (family === 0 || Number(prefix ?? 1) > (family === 6 ? 128 : 32)) {
    return 'must be an IP address or a subnet, such as "10.1.2.3" or "10.0.0.0/8"';
  }
  return Number(prefix) === 0
    ? 'must not be everybody; name the addresses of the proxy'
    : undefined;
}
