import { randomUUID, X509Certificate } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { DpopKey } from './dpop-key.js';

/** The content of a token that the test authorization server issues. Every member has a default. */
export interface MintOptions {
  /** The user (`sub`). `undefined` makes a token without a user. Default: `alice`. */
  subject?: string;
  /** The scopes (`scope`). Default: none. */
  scopes?: readonly string[];
  /** The resources that the token is for (`aud`). Default: the `audience` of the server. */
  audience?: string | readonly string[];
  /** The client (`client_id`). Default: `test-client`. */
  clientId?: string;
  /** The seconds until the token expires (`exp`). Default: 300. */
  expiresIn?: number;
  /** Further claims. They replace the default claims of the same name, and `undefined` leaves a claim out. */
  claims?: Readonly<Record<string, unknown>>;
  /** Binds the token to a key of the client (`cnf.jkt`, RFC 9449). */
  dpopKey?: Pick<DpopKey, 'jkt'>;
  /** Binds the token to a certificate of the client, as PEM or DER (`cnf.x5t#S256`, RFC 8705). */
  certificate?: string | Buffer | X509Certificate;
  /** The form of the token. An opaque token is a random text, which only introspection can read. Default: `jwt`. */
  format?: 'jwt' | 'opaque';
}

/** Returns the claims of a token (RFC 9068, section 2.2). */
export function mintedClaims(issuer: string, options: MintOptions): JWTPayload {
  const { scopes, clientId = 'test-client', expiresIn = 300, audience } = options;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    sub: 'subject' in options ? options.subject : 'alice',
    aud: audience,
    client_id: clientId,
    scope: scopes?.join(' '),
    jti: randomUUID(),
    iat: now,
    exp: now + expiresIn,
    cnf: confirmationOf(options),
    ...options.claims,
  };
  if (audience === undefined && !('aud' in (options.claims ?? {}))) {
    throw new McpAuthConfigurationError(
      'The test authorization server needs the audience of the token, which is the resource identifier: createTestAuthorizationServer({ audience }) or mint({ audience }).',
    );
  }
  // As JSON, a claim that is `undefined` is left out.
  return JSON.parse(JSON.stringify(claims)) as JWTPayload;
}

function confirmationOf({ dpopKey, certificate }: MintOptions) {
  const confirmation = {
    ...(dpopKey && { jkt: dpopKey.jkt }),
    ...(certificate !== undefined && { 'x5t#S256': thumbprintOf(certificate) }),
  };
  return Object.keys(confirmation).length > 0 ? confirmation : undefined;
}

/** Returns the thumbprint of a certificate (RFC 8705, section 3.1). */
function thumbprintOf(certificate: NonNullable<MintOptions['certificate']>): string {
  const { fingerprint256 } =
    certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate);
  return Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
}
