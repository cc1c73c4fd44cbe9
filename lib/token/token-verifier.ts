import type { Type } from '@nestjs/common';
import type { ClaimsPolicy } from './claims-policy.js';
import type { JwtPolicy } from './jwt-policy.js';

/** The result of a {@link TokenVerifier}: the content of an access token. */
export interface VerifiedToken {
  /** The issuer of the token (`iss`). */
  issuer: string;
  /** The recipients that the token is meant for (`aud`). */
  audience?: string | readonly string[];
  /** The user or client that the token represents (`sub`). */
  subject?: string;
  /** The OAuth client that presents the token (`client_id`). Default: the empty string. */
  clientId?: string;
  /** The scopes of the token. Default: none. */
  scopes?: readonly string[];
  /** The time at which the token expires, in seconds since the epoch (`exp`). */
  expiresAt?: number;
  /** All claims of the token. */
  claims?: Readonly<Record<string, unknown>>;
  /** Any other data that the application wants to find in {@link AuthInfo}. */
  extra?: Readonly<Record<string, unknown>>;
}

/** The protected resource for which a token is verified. */
export interface TokenVerificationContext {
  /** The resource identifier. */
  readonly resource: string;
  /** The issuers whose tokens the resource accepts (`iss`). */
  readonly issuers: readonly string[];
  /** The accepted audiences. `undefined` if the check is switched off. */
  readonly audiences: readonly string[] | undefined;
  /** The requirements for a JWT. */
  readonly jwt: JwtPolicy;
  /** Returns the rules by which the claims of an issuer's tokens are read. */
  readonly claimsOf: (issuer: string) => ClaimsPolicy;
  /**
   * The authorization servers of the resource, by the `iss` of their tokens.
   *
   * @internal
   */
  readonly servers?: ReadonlyMap<string, unknown>;
  /**
   * The token verifiers in the options, if there are any.
   *
   * @internal
   */
  readonly tokenVerifier?: TokenVerifierOption | undefined;
  /**
   * The issuers, besides those of the authorization servers, that the application's own verifiers may return.
   *
   * @internal
   */
  readonly ownIssuers?: readonly string[];
}

/**
 * Verifies access tokens: takes a token, and returns its content or throws an error.
 *
 * Extend it for tokens that are not JWTs, and name the class as `tokenVerifier` of a protected resource.
 *
 * Inject `TokenVerifier` to verify a token in the same way as the guard does. Use it for tokens that do not
 * come in an HTTP request.
 *
 * Your own verifier need not check the issuer, the audience and the expiry: the library checks them in the
 * returned content. Your verifier **must** check that the token is genuine.
 */
export abstract class TokenVerifier {
  /**
   * @throws InvalidTokenError if the token is not valid; the guard answers 401.
   * @throws AuthorizationServerUnavailableError if that cannot be determined now; the guard answers 503. The
   * guard also answers 503 if the verifier gives no answer within `fetchTimeout`.
   * Any other error is a fault of the application and becomes 500.
   */
  abstract verify(
    token: string,
    context: TokenVerificationContext,
  ): VerifiedToken | Promise<VerifiedToken>;

  /**
   * Returns whether this verifier is responsible for a token. It is called only in a list of verifiers. The first
   * verifier of the list that recognizes a token decides on it, and no other verifier is asked. A verifier without this
   * method recognizes every token.
   *
   * Decide by the form of the token, such as its prefix: nothing of it is verified yet. If there is no answer
   * within `fetchTimeout`, the guard answers 503.
   */
  recognizes?(token: string, context: TokenVerificationContext): boolean | Promise<boolean>;
}

/** A {@link TokenVerifier} as a plain function. */
export type VerifyToken = TokenVerifier['verify'];

/** A verifier in the options: a function, or an injectable class. */
export type AnyTokenVerifier = VerifyToken | Type<TokenVerifier>;

/** The option `tokenVerifier`: one verifier for every token, or a list. */
export type TokenVerifierOption = AnyTokenVerifier | readonly AnyTokenVerifier[];
