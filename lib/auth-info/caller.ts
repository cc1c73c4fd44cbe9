/**
 * Who is calling, by which client, and what the access token allows. Frozen.
 *
 * It is also what the MCP SDK's transports hand to tool handlers as `authInfo`, and satisfies the
 * SDK's own type of that name.
 */
export interface Caller {
  /**
   * The access token itself. A secret: never log it, never pass it on to another service. It is not
   * enumerable, so that what prints, copies or serializes the caller leaves it out.
   */
  readonly token: string;
  /** The issuer identifier of the authorization server that issued the token (`iss`). */
  readonly issuer: string;
  /** Who the token speaks for (`sub`): unique only together with {@link Caller.issuer}. */
  readonly subject?: string;
  /** The OAuth client that presents the token; the empty string if the token does not say. */
  readonly clientId: string;
  /** The scopes that the token was given, as it names them. */
  readonly scopes: string[];
  /** The recipients that the token names (`aud`). */
  readonly audience?: string | string[];
  /** When the token expires, in seconds since the epoch (`exp`). */
  readonly expiresAt?: number;
  /** The protected resource that accepted the token; a fresh object at each reading. */
  readonly resource: URL;
  /** Where that resource's metadata is published (RFC 9728). */
  readonly resourceMetadataUrl: string;
  /** All that the token, or the authorization server, says. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Whatever else a verifier of your own wanted to be found here. */
  readonly extra: Record<string, unknown>;
}

const members: Record<keyof Caller, true> = {
  token: true,
  issuer: true,
  subject: true,
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
