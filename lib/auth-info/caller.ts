/**
 * The caller: the user or client, and what the access token allows. Frozen.
 *
 * The MCP SDK's transports pass the caller to tool handlers as `authInfo`. The caller satisfies the SDK's own
 * type `AuthInfo`.
 */
export interface Caller {
  /**
   * The access token itself. A secret: never log it, never pass it on to another service. It is not
   * enumerable, so printing, copying and serializing the caller leave it out.
   */
  readonly token: string;
  /** The issuer of the token (`iss`). */
  readonly issuer: string;
  /**
   * The user or client that the token identifies (`sub`). It is unique only together with {@link
   * Caller.issuer}. Do not use it as a key for data: use {@link Caller.principal}.
   */
  readonly subject?: string;
  /**
   * The key for data that belongs to this caller. It encodes the issuer, the kind of caller (user or
   * client) and the subject or client identifier, and nothing else. It consists of lower-case letters,
   * digits and full stops, and is the same in every instance and version. It grows with the identifiers:
   * with a UUID at a short issuer it has about 130 characters.
   *
   * A provider with *pairwise* subjects (OpenID Connect Core, section 8.1) gives one user a different subject
   * for each client or sector. Two MCP clients of that user then have different principals and do not share
   * data. If they must share it, let the provider use public subjects.
   *
   * @throws NoAuthInfoError on reading, if the token has neither a user nor a client, or if the identifier of
   * the user or client is not well-formed Unicode
   */
  readonly principal: string;
  /** The OAuth client that presents the token. The empty string if the token names no client. */
  readonly clientId: string;
  /** The scopes of the token, as the token names them. */
  readonly scopes: string[];
  /** The recipients that the token names (`aud`). */
  readonly audience?: string | string[];
  /** The time at which the token expires, in seconds since the epoch (`exp`). */
  readonly expiresAt?: number;
  /** The protected resource that accepted the token. Each read returns a new object. */
  readonly resource: URL;
  /** The URL of that resource's metadata (RFC 9728). */
  readonly resourceMetadataUrl: string;
  /** All claims of the token, of the introspection response, or those that your own verifier returned. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Any other data that your own verifier returned as `extra`. */
  readonly extra: Record<string, unknown>;
}

const members: Record<keyof Caller, true> = {
  token: true,
  issuer: true,
  subject: true,
  principal: true,
  clientId: true,
  scopes: true,
  audience: true,
  expiresAt: true,
  resource: true,
  resourceMetadataUrl: true,
  claims: true,
  extra: true,
};

/** The names of all members. */
export const MEMBERS = Object.keys(members) as readonly (keyof Caller)[];

export function isCallerMember(name: string | symbol): name is keyof Caller {
  return typeof name === 'string' && Object.hasOwn(members, name);
}
