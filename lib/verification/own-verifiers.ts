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

/** The verifiers without a time limit here: each of their fetches has its own. */
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
   * Calls the resource's own verifier. If it throws an `AuthorizationServerError`, the reason is logged, but
   * not each time.
   *
   * @throws AuthorizationServerUnavailableError if it gives no answer in time, and any error of the verifier
   */
  async examine(token: string, context: TokenVerificationContext): Promise<Verification> {
    const { tokenVerifier } = context;
    const verification = this.reported(this.functionOf(tokenVerifier), token, context);
    const verified = await (BOUNDED.includes(tokenVerifier)
      ? verification
      : this.limit.of(verification, () => `The tokenVerifier of ${context.resource}`));
    assertShape(verified, context);
    // A copy, as the application may go on using the object that it returned.
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

  /** Returns the verifier's function. Only resources of the registry have one. */
  private functionOf(verifier: OwnVerifier | undefined): VerifyToken {
    const verify = verifier && this.functions.get(verifier);
    if (verify === undefined) {
      throw new McpAuthConfigurationError(
        'The options do not name the tokenVerifier of this resource; take the resource from ProtectedResourceRegistry.',
      );
    }
    return verify;
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
