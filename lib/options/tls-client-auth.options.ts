import { IsCertificate, IsKeyOfCertificate, isEncrypted } from './constraints/certificates.js';
import { IsNonEmptyString } from './constraints/values.js';
import type { Plain } from './plain.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

/** The options for client authentication by a TLS client certificate (RFC 8705, section 2). */
export type TlsClientAuthOptions = Plain<TlsClientAuthSettings>;

/** The class that validates {@link TlsClientAuthOptions}. */
export class TlsClientAuthSettings {
  /**
   * The client certificate in PEM. The certificates of intermediate authorities follow it, if there are any.
   *
   * It is read once, at start-up: a renewed certificate needs a restart. If it has expired, the application does
   * not start, unless the option `introspection.method` is
   * `'self_signed_tls_client_auth'`.
   */
  @IsCertificate()
  cert!: string;

  /** The private key of the certificate, in PEM. It never appears in a message or a log. */
  @IsKeyOfCertificate()
  key!: string;

  /** The passphrase of the private key, if the key is encrypted. It never appears in a message or a log. */
  @Optional()
  @OnlyIf<TlsClientAuthSettings>(
    ({ key }) => typeof key !== 'string' || isEncrypted(key),
    'has no effect, because "key" is not encrypted; remove it',
  )
  @IsNonEmptyString()
  passphrase?: string;
}
