import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { assertClaims } from '../token/claim-checks.js';
import { isB64Token } from '../token/token-grammar.js';
import type {
  TokenVerificationContext,
  TokenVerifier,
  VerifiedToken,
} from '../token/token-verifier.js';

/** The issuer of a stub token if the resource names no issuer, because a resolver decides which issuers are trusted. */
const ANY_ISSUER = 'https://auth.example.com';

/**
 * The content of a stub token. The default of each member lets the resource accept the token: it comes from the first
 * issuer that the resource trusts, is meant for the resource, and never expires. The subject is the name of the token;
 * `subject: undefined` makes a token without a user. There are no scopes unless you name them.
 */
export type StubToken = Partial<VerifiedToken>;

/**
 * Returns a replacement for `TokenVerifier` that accepts the given names as tokens: `Bearer alice` is a token of alice.
 * Any other token is answered with 401. Audience and expiry are checked if you set them. Challenges, scopes,
 * conditions, possession, revocation and `AuthInfo` are as in production.
 *
 * It does **not** check signatures or issuers, and it asks no authorization server: see
 * {@link createTestAuthorizationServer} for that.
 *
 * @param tokens - the content of each token, by the token
 * @throws McpAuthConfigurationError if a name cannot be sent as a token
 *
 * @example
 * ```ts
 * import type { Type } from '@nestjs/common';
 * import { Test } from '@nestjs/testing';
 * import { TokenVerifier } from 'nestjs-mcp-auth';
 * import { stubTokens } from 'nestjs-mcp-auth/testing';
 *
 * declare const AppModule: Type;
 *
 * const module = await Test.createTestingModule({ imports: [AppModule] })
 *   .overrideProvider(TokenVerifier)
 *   .useValue(stubTokens({ alice: { scopes: ['read:notes'] }, bob: {} }))
 *   .compile();
 * ```
 */
export function stubTokens(tokens: Readonly<Record<string, StubToken>>): TokenVerifier {
  // A lookup in an object would also find "constructor".
  const contents = new Map(Object.entries(tokens));
  for (const name of contents.keys()) {
    assertToken(name);
  }
  return {
    verify(token, context) {
      const content = contents.get(token);
      if (content === undefined) {
        throw new InvalidTokenError();
      }
      const verified = completed(content, token, context);
      // It is not known here which issuers a resolver trusts, so every issuer is accepted.
      assertClaims({ verified, ownIssuers: [verified.issuer] }, context);
      return verified;
    },
  };
}

function assertToken(name: string): void {
  if (!isB64Token(name)) {
    throw new McpAuthConfigurationError(
      `stubTokens() cannot have a token ${JSON.stringify(name)}: a token has only letters, digits and -._~+/, and = only at the end. Use a short name, and set "subject" to what the application is to see.`,
    );
  }
}

function completed(
  { claims, ...content }: StubToken,
  name: string,
  { issuers, audiences }: TokenVerificationContext,
): VerifiedToken {
  const token = {
    audience: audiences?.[0],
    subject: name,
    clientId: 'test-client',
    ...content,
    issuer: content.issuer ?? issuers[0] ?? ANY_ISSUER,
  };
  return { ...token, claims: { ...claimsOf(token), ...claims } };
}

/** Returns the claims that a JWT with this content has (RFC 9068, section 2.2). */
function claimsOf(token: VerifiedToken): Record<string, unknown> {
  const claims = {
    iss: token.issuer,
    aud: token.audience,
    sub: token.subject,
    client_id: token.clientId,
    scope: token.scopes?.join(' '),
    exp: token.expiresAt,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
