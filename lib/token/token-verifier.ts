import type { Type } from '@nestjs/common';
import type { ClaimsPolicy } from './claims-policy.js';
import type { JwtPolicy } from './jwt-policy.js';

/** What a {@link TokenVerifier} found out about an access token. */
export interface VerifiedToken {
  /** The issuer identifier of the authorization server that issued the token (`iss`). */
  issuer: string;
  /** The accepted recipients (`aud`). */
  audience?: string | readonly string[];
  /** Who the token speaks for (`sub`). */
  subject?: string;
  /** The OAuth client that presents the token (`client_id`). Default: the empty string. */
  clientId?: string;
  /** What the token allows. Default: nothing. */
  scopes?: readonly string[];
  /** When the token expires, in seconds since the epoch (`exp`). */
  expiresAt?: number;
  /** Everything the authorization server says of the token. */
  claims?: Readonly<Record<string, unknown>>;
  /** Whatever else the application wants to find in {@link AuthInfo}. */
  extra?: Readonly<Record<string, unknown>>;
}

/** The protected resource for which a token is verified. */
export interface TokenVerificationContext {
  /** The resource identifier. */
  readonly resource: string;
  /** The identifiers of the authorization servers that the resource trusts. */
  readonly issuers: readonly string[];
  /** The accepted audiences; nothing where the check is switched off. */
  readonly audiences: readonly string[] | undefined;
  /** What the resource asks of a JWT. */
  readonly jwt: JwtPolicy;
  /** How the claims of an issuer's tokens are read. */
  readonly claimsOf: (issuer: string) => ClaimsPolicy;
  /**
   * Those of its authorization servers that the options do not name, by issuer.
   *
   * @internal
   */
  readonly servers?: ReadonlyMap<string, unknown>;
  /**
   * The verifier of the application's own, where the resource has one.
   *
   * @internal
   */
  readonly tokenVerifier?: VerifyToken | Type<TokenVerifier> | undefined;
}

/**
 * Token in; what is known about it out, or an error.
 *
 * Extend it for tokens that are not JWTs, and name the class as `tokenVerifier` of a protected
 * resource. As an injection token it stands for the verification that the guard itself uses, for
 * tokens that arrive by another way than an HTTP request.
 *
 * A verifier of your own need not check the issuer, the audience and the expiry: the library checks
 * what the verifier returns. It must check that the token is genuine.
 */
export abstract class TokenVerifier {
  /**
   * @throws InvalidTokenError if the token is not valid; the guard answers 401.
   * @throws AuthorizationServerUnavailableError if that cannot be told now; the guard answers 503, as when
   * there is no answer within `fetchTimeout`.
   * Any other error is a fault of the application and becomes 500.
   */
  abstract verify(
    token: string,
    context: TokenVerificationContext,
  ): VerifiedToken | Promise<VerifiedToken>;
}

/** A {@link TokenVerifier} as a plain function. */
export type VerifyToken = TokenVerifier['verify'];
