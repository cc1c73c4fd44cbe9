import { IsIn } from 'class-validator';
import { AreSubnets, IsHeaderName } from './constraints/trusted-header.js';
import type { Form } from './plain.js';
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

const NeedsHeader = () =>
  OnlyIf<ClientCertificateSettings>(
    ({ header }) => header !== undefined,
    'has no effect without "header"; add "header", or leave this out',
  );

/**
 * The class that validates {@link ClientCertificateHeader}. Without a header, the certificate is read
 * from the TLS connection.
 */
export class ClientCertificateSettings {
  /** The name of the header field, such as `Client-Cert`. The proxy must remove it when a client sends it. */
  @Optional()
  @IsHeaderName('Client-Cert')
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
   *   certificate is the client's.
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
   * The addresses from which the proxy connects: single addresses, such as `10.1.2.3`, or subnets, such as
   * `10.0.0.0/8`. The header field is ignored if it comes from any other address.
   */
  @Optional()
  @NeedsHeader()
  @AreSubnets()
  trustedProxies?: string[];
}
