import { AuthorizationServerError } from '../errors/authorization-server.error.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { FailureLog } from '../log/failure-log.js';
import { assertShape } from '../token/assert-shape.js';
import type { TokenVerificationContext, TokenVerifier } from '../token/token-verifier.js';
import type { TokenKind, Verification } from '../token/verification.js';
import type { TimeLimit } from './time-limit.js';

/**
 * A verifier of the application, or a built-in verifier that is the only `tokenVerifier` of a resource. It is called
 * with each request, so nothing that it returns is cached.
 */
export class OwnVerifier implements TokenKind {
  private readonly failures = new FailureLog();

  constructor(
    /** The verifier. Without `recognizes`, it gets every token. */
    private readonly verifier: Pick<TokenVerifier, 'verify' | 'recognizes'>,
    private readonly limit: Pick<TimeLimit, 'of'>,
  ) {}

  /**
   * @throws AuthorizationServerUnavailableError if there is no answer in time
   * @throws McpAuthConfigurationError if the answer is not a boolean. An error of the verifier is passed on
   */
  async isFor(token: string, context: TokenVerificationContext): Promise<boolean> {
    const { verifier } = this;
    if (verifier.recognizes === undefined) {
      return true;
    }
    const isRecognized: unknown = await this.limit.of(
      this.reported(async () => verifier.recognizes?.(token, context)),
      () => `recognizes() of the tokenVerifier of ${context.resource}`,
    );
    if (typeof isRecognized !== 'boolean') {
      throw new McpAuthConfigurationError(
        `recognizes() of the tokenVerifier of ${context.resource} must return true or false.`,
      );
    }
    return isRecognized;
  }

  /**
   * Calls the verifier. If it throws an `AuthorizationServerError`, the error is logged, at most once in 10
   * seconds.
   *
   * @throws AuthorizationServerUnavailableError if there is no answer in time
   * @throws McpAuthConfigurationError if the result is not valid. An error of the verifier is passed on
   */
  async examine(token: string, context: TokenVerificationContext): Promise<Verification> {
    const verified = await this.limit.of(
      this.reported(async () => this.verifier.verify(token, context)),
      () => `The tokenVerifier of ${context.resource}`,
    );
    assertShape(verified, context);
    const { ownIssuers } = context;
    // A copy, because the application may go on using the object that it returned.
    return { verified: { ...verified, claims: { ...verified.claims } }, ownIssuers, maxAge: 0 };
  }

  private async reported<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof AuthorizationServerError) {
        this.failures.report(error);
      }
      throw error;
    }
  }
}
