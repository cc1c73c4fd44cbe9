import { AuthorizationServerUnavailableError } from '../errors/authorization-server.error.js';
import { systemCodeOf } from '../errors/system-code.js';

const CERTIFICATE = /CERT|^UNABLE_TO_|^ERR_TLS_/;

/** The explanations and remedies for some codes of the system about certificates. */
const REMEDIES: readonly (readonly [code: RegExp, remedy: string])[] = [
  [/ALTNAME/, 'The certificate is for another host name.'],
  [/EXPIRED/, 'It expired.'],
  [
    CERTIFICATE,
    'If the certificate is of a certificate authority of your own, set NODE_EXTRA_CA_CERTS to the file with its certificate.',
  ],
];

/** Explanations for the codes of the system whose names do not explain themselves. */
const HINTS: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', ': its host name has no address'],
  ['EPROTO', ': it does not speak TLS. Does the URL begin with http:?'],
]);

/** An error for a URL of the user that does not answer. The command cannot run. */
export class UnreachableError extends Error {
  /**
   * @param url - the URL of the user
   * @param cause - the error of the connection
   */
  constructor(url: string, cause: unknown) {
    super(`${url} ${reasonOf(cause)}`, { cause });
  }
}

/** Returns why a URL did not answer, as the end of a sentence that begins with the URL. */
export function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return 'gave no answer in time.';
  }
  const code = systemCodeOf(error);
  if (code !== undefined && CERTIFICATE.test(code)) {
    const [, remedy = ''] = REMEDIES.find(([pattern]) => pattern.test(code)) ?? [];
    return `has a certificate that is not trusted (${code}). ${remedy}`;
  }
  const hint = HINTS.get(code ?? '') ?? '';
  return `could not be reached${hint}${code === undefined ? '' : ` (${code})`}.`;
}

/** Returns the error of the connection if an authorization server did not answer at all. */
export function connectionError(error: unknown): unknown {
  // The first cause is the error of one candidate URL.
  const { cause } = error as Error;
  return cause instanceof AuthorizationServerUnavailableError ? cause.cause : undefined;
}
