import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { FailureLog } from '../log/failure-log.js';
import { AuthorizationServerError } from '../errors/authorization-server.error.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { IntrospectionTokenVerifier } from './introspection/introspection-token-verifier.js';
import { JwtTokenVerifier } from './jwt/jwt-token-verifier.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import {
  TokenVerifier,
  type TokenVerificationContext,
  type VerifiedToken,
  type VerifyToken,
} from '../token/token-verifier.js';
import type { TokenKind, Verification } from '../token/verification.js';
import { assertShape } from '../token/assert-shape.js';
import { providerOrNew } from './provider-or-new.js';
import { TimeLimit } from './time-limit.js';

type OwnVerifier = VerifyToken | Type<TokenVerifier>;

/** What they do takes only so long, each fetch by itself. */
const BOUNDED: readonly unknown[] = [IntrospectionTokenVerifier, JwtTokenVerifier];

/** The verifiers that the options name as `tokenVerifier` of a resource. */
@Injectable()
export class OwnVerifiers implements OnModuleInit, TokenKind {
  private readonly failures = new FailureLog();
  private readonly functions = new Map<OwnVerifier, VerifyToken>();

  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly limit: TimeLimit,
    private readonly moduleRef: ModuleRef,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const { tokenVerifier } of this.resources.all) {
      if (tokenVerifier !== undefined) {
        this.functions.set(tokenVerifier, await this.toFunction(tokenVerifier));
      }
    }
  }

  isFor(_token: string, { tokenVerifier }: TokenVerificationContext): boolean {
    return tokenVerifier !== undefined;
  }

  /**
   * Has the resource's verifier verify a token. Why it could not is logged, as of our own fetches, now and
   * then.
   *
   * @throws AuthorizationServerUnavailableError if it gives no answer in time, and what it throws
   */
  async examine(token: string, context: TokenVerificationContext): Promise<Verification> {
    const { tokenVerifier } = context;
    const verification = this.reported(this.functionOf(tokenVerifier), token, context);
    const verified = await (BOUNDED.includes(tokenVerifier)
      ? verification
      : this.limit.of(verification, () => `The tokenVerifier of ${context.resource}`));
    assertShape(verified, context);
    // The application may go on using what it returned.
    return { verified: { ...verified, claims: { ...verified.claims } }, maxAge: 0 };
  }

  private async reported(
    verify: VerifyToken,
    token: string,
    context: TokenVerificationContext,
  ): Promise<VerifiedToken> {
    try {
      return await verify(token, context);
    } catch (error) {
      if (error instanceof AuthorizationServerError) {
        this.failures.report(error);
      }
      throw error;
    }
  }

  /** For a resource that is none of the registry's, nothing is known that could verify its tokens. */
  private functionOf(verifier: OwnVerifier | undefined): VerifyToken {
    const known = verifier && this.functions.get(verifier);
    if (known === undefined) {
      throw new McpAuthConfigurationError(
        'The tokenVerifier of a resource is none that the options name; take the resource from ProtectedResourceRegistry.',
      );
    }
    return known;
  }

  private async toFunction(verifier: OwnVerifier): Promise<VerifyToken> {
    if (!isVerifierClass(verifier)) {
      return verifier;
    }
    const instance = await providerOrNew(verifier, this.moduleRef);
    return (token, context) => instance.verify(token, context);
  }
}

function isVerifierClass(verifier: OwnVerifier): verifier is Type<TokenVerifier> {
  return (verifier.prototype as unknown) instanceof TokenVerifier;
}
