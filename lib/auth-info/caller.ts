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
  /**
   * Who the token speaks for (`sub`): unique only together with {@link Caller.issuer}. It is no key for data:
   * that is {@link Caller.principal}.
   */
  readonly subject?: string;
  /**
   * The key for whatever belongs to this caller: an encoding of the issuer, of whether a user or a client is
   * calling, and of the subject or the client identifier, and of nothing else. It consists of small letters,
   * digits and full stops, is the same in every instance and version, and grows with the identifiers: with a
   * UUID at a short issuer it has some 130 characters.
   *
   * A provider with *pairwise* subjects (OpenID Connect Core, section 8.1) gives one user another subject, and
   * so another principal, for each client or sector: two MCP clients of the user do not share data then. Have
   * the provider use public subjects where they must.
   *
   * @throws NoAuthInfoError when it is read of a token that names neither a user nor a client
   */
  readonly principal: string;
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
