import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import {
  TokenVerifier,
  type AnyTokenVerifier,
  type TokenVerificationContext,
  type TokenVerifierOption,
} from '../token/token-verifier.js';
import type { TokenKind } from '../token/verification.js';
import { assertVerifiersFit } from './assert-verifiers-fit.js';
import { IntrospectionClients } from './introspection/introspection-clients.js';
import { IntrospectionTokenVerifier } from './introspection/introspection-token-verifier.js';
import { JwtTokenVerifier } from './jwt/jwt-token-verifier.js';
import { OwnVerifier } from './own-verifier.js';
import { providerOrNew } from './provider-or-new.js';
import { TimeLimit } from './time-limit.js';

type Verifier = Pick<TokenVerifier, 'verify' | 'recognizes'>;

/** The built-in verifiers need no time limit, because each of their fetches has one. */
const UNLIMITED: Pick<TimeLimit, 'of'> = { of: (given) => given };

/** The verifiers that the options name as `tokenVerifier` of a resource. */
@Injectable()
export class OwnVerifiers implements OnModuleInit {
  private readonly builtIn: ReadonlyMap<
    AnyTokenVerifier,
    IntrospectionTokenVerifier | JwtTokenVerifier
  >;
  private readonly kinds = new Map<TokenVerifierOption, readonly TokenKind[]>();
  private readonly instances = new Map<AnyTokenVerifier, Verifier>();

  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly limit: TimeLimit,
    private readonly moduleRef: ModuleRef,
    private readonly clients: IntrospectionClients,
    introspection: IntrospectionTokenVerifier,
    jwts: JwtTokenVerifier,
  ) {
    this.builtIn = new Map<AnyTokenVerifier, IntrospectionTokenVerifier | JwtTokenVerifier>([
      [IntrospectionTokenVerifier, introspection],
      [JwtTokenVerifier, jwts],
    ]);
  }

  /** @throws McpAuthConfigurationError if the verifiers of a resource do not fit its other options */
  async onModuleInit(): Promise<void> {
    for (const resource of this.resources.all) {
      assertVerifiersFit(resource, this.clients);
      if (resource.tokenVerifier !== undefined) {
        this.kinds.set(resource.tokenVerifier, await this.toKinds(resource.tokenVerifier));
      }
    }
  }

  /** Returns the kinds of tokens of a resource with the option `tokenVerifier`, in the order of the option. */
  of({ tokenVerifier }: TokenVerificationContext): readonly TokenKind[] {
    const kinds = tokenVerifier && this.kinds.get(tokenVerifier);
    if (kinds === undefined) {
      throw new McpAuthConfigurationError(
        'The options do not name the tokenVerifier of this resource; take the resource from ProtectedResourceRegistry.',
      );
    }
    return kinds;
  }

  private async toKinds(option: TokenVerifierOption): Promise<readonly TokenKind[]> {
    return typeof option === 'function'
      ? [await this.onlyKind(option)]
      : Promise.all(option.map((verifier) => this.listedKind(verifier)));
  }

  /** Creates the only kind of a resource. It gets every token, and nothing is cached. */
  private async onlyKind(type: AnyTokenVerifier): Promise<TokenKind> {
    const verifier = await this.verifierOf(type);
    const limit = this.builtIn.has(type) ? UNLIMITED : this.limit;
    return new OwnVerifier({ verify: (token, context) => verifier.verify(token, context) }, limit);
  }

  /**
   * Creates a kind of a list. The tokens of a built-in verifier are cached, as they are without the option
   * `tokenVerifier`.
   */
  private async listedKind(type: AnyTokenVerifier): Promise<TokenKind> {
    const builtIn = this.builtIn.get(type);
    return builtIn === undefined
      ? new OwnVerifier(await this.verifierOf(type), this.limit)
      : {
          isFor: (token, context) => builtIn.recognizes(token, context),
          examine: (token, context) => builtIn.examine(token, context),
        };
  }

  private async verifierOf(type: AnyTokenVerifier): Promise<Verifier> {
    if (!isVerifierClass(type)) {
      return { verify: type };
    }
    const verifier = this.instances.get(type) ?? (await providerOrNew(type, this.moduleRef));
    this.instances.set(type, verifier);
    return verifier;
  }
}

function isVerifierClass(type: AnyTokenVerifier): type is Type<TokenVerifier> {
  return (type.prototype as unknown) instanceof TokenVerifier;
}
