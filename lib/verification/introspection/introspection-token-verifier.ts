import { Injectable } from '@nestjs/common';
import { readClaims } from '../../token/read-claims.js';
import { AuthorizationServerError } from '../../errors/authorization-server.error.js';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { mismatch } from '../../errors/token-mismatch.js';
import { readUnverified } from '../../token/read-unverified.js';
import { assertClaims } from '../../token/claim-checks.js';
import { MAX_TOKEN_LENGTH } from '../../token/max-token-length.js';
import { presentClaims } from '../../token/present-claims.js';
import {
  TokenVerifier,
  type TokenVerificationContext,
  type VerifiedToken,
} from '../../token/token-verifier.js';
import type { TokenKind, Verification } from '../../token/verification.js';
import { assertAccessToken } from './assert-access-token.js';
import type { IntrospectionClient, IntrospectionResponse } from './introspection-client.js';
import { IntrospectionClients } from './introspection-clients.js';

/** The default of {@link IntrospectionOptions.cacheTtl}, in seconds. */
const DEFAULT_CACHE_TTL = 30;

/**
 * Verifies access tokens by introspection (RFC 7662). It asks the authorization servers of the resource
 * that have the option `introspection`, in their order, until one says that the token is active. A JWT is
 * sent only to the issuer that it names. The response is checked as the claims of a JWT are: issuer,
 * audience, time claims and required claims. This class caches nothing: every call introspects.
 *
 * The guard uses it for tokens that are not JWTs, and for JWTs of a server that has the option but neither
 * publishes keys nor has the option `jwks`. As the only `tokenVerifier` of a resource it introspects every
 * token with every request, JWTs too.
 *
 * It does **not** check scopes, nor the proof of possession of a token that is bound to a key.
 */
@Injectable()
export class IntrospectionTokenVerifier extends TokenVerifier implements TokenKind {
  /** @internal */
  constructor(private readonly clients: IntrospectionClients) {
    super();
  }

  override async verify(token: string, context: TokenVerificationContext): Promise<VerifiedToken> {
    const verification = await this.examine(token, context);
    assertClaims(verification, context);
    return verification.verified;
  }

  /** @internal */
  async examine(token: string, context: TokenVerificationContext): Promise<Verification> {
    if (token.length > MAX_TOKEN_LENGTH) {
      throw new InvalidTokenError('malformed');
    }
    let failure: AuthorizationServerError | undefined;
    for (const client of this.clientsFor(token, context)) {
      try {
        const answer = await client.introspect(token, context);
        if (answer.value.active === true) {
          return verificationOf(token, answer, client, context);
        }
      } catch (error) {
        if (!(error instanceof AuthorizationServerError)) {
          throw error;
        }
        failure ??= error;
      }
    }
    // If a server could not be asked, the token may still be valid: that server may have issued it.
    throw failure ?? new InvalidTokenError();
  }

  /**
   * Returns whether a token has to be introspected: a token that is not a JWT, or a JWT whose issuer has the
   * option `introspection`, but neither publishes keys nor has the option `jwks`. If no authorization server of
   * the resource has that option, no token has to be introspected.
   */
  override async recognizes(token: string, context: TokenVerificationContext): Promise<boolean> {
    const clients = this.clients.of(context);
    const jwt = clients.length === 0 ? {} : readUnverified(token);
    if (jwt === undefined) {
      return true;
    }
    const client = clients.find((one) => issues(one, jwt));
    return client !== undefined && !(await client.publishesKeys());
  }

  /** @internal */
  isFor(token: string, context: TokenVerificationContext): Promise<boolean> {
    return this.recognizes(token, context);
  }

  private clientsFor(token: string, context: TokenVerificationContext): IntrospectionClient[] {
    const clients = this.clients.of(context);
    if (clients.length === 0) {
      throw new McpAuthConfigurationError(
        `No authorization server of ${context.resource} has the option "introspection"; set it for at least one of these servers.`,
      );
    }
    const jwt = readUnverified(token);
    if (jwt === undefined) {
      return clients;
    }
    const named = clients.filter((one) => issues(one, jwt));
    if (named.length === 0) {
      const issuers = clients.flatMap(({ tokenIssuers }) => tokenIssuers);
      throw new InvalidTokenError('issuer', { mismatch: mismatch('iss', jwt.iss, issuers) });
    }
    return named;
  }
}

/** Returns whether the server of a client issues tokens with this `iss`. */
function issues({ tokenIssuers }: IntrospectionClient, { iss }: { iss?: unknown }): boolean {
  return tokenIssuers.some((issuer) => issuer === iss);
}

function verificationOf(
  token: string,
  { value, text }: IntrospectionResponse,
  { tokenIssuers, options }: IntrospectionClient,
  context: TokenVerificationContext,
): Verification {
  const [issuer = ''] = tokenIssuers;
  const returned = presentClaims(value);
  assertAccessToken(returned);
  return {
    verified: readClaims({ iss: issuer, ...returned }, context.claimsOf(issuer)),
    // These claims lack the assumed issuer, so that `requiredClaims` can require the server to name the issuer.
    claims: returned,
    from: tokenIssuers,
    maxAge: (options.cacheTtl ?? DEFAULT_CACHE_TTL) * 1000,
    size: token.length + text.length,
  };
}
