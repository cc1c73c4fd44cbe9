import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Resolutions } from '../async/resolutions.js';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from '../authorization-server/authorization-server-registry.js';
import { resolutionBounds } from '../authorization-server/fetching/resolution-bounds.js';
import type { AuthorizationServerSettings } from '../options/authorization-server.options.js';
import {
  isResolverClass,
  type AuthorizationServerResolverOption,
  type ResolveAuthorizationServer,
} from '../options/authorization-server-resolver.js';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';
import { issuerIdentifier } from '../options/constraints/urls.js';
import { resolvedServer } from '../options/resolved-server.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import type { TokenVerificationContext } from '../token/token-verifier.js';
import { providerOrNew } from './provider-or-new.js';
import { namedIssuers } from './named-issuers.js';
import { withTrustedServer } from './with-trusted-server.js';

/** The greatest length of an issuer. A longer text is not passed to the application. */
const MAX_ISSUER_LENGTH = 1000;

interface Question {
  readonly issuer: string;
  readonly tenant?: string;
}

type Answers = Resolutions<Question, AuthorizationServerSettings, ConfiguredAuthorizationServer>;

/** The context in which a resource verifies the tokens of one issuer. */
export interface Trust {
  readonly context: TokenVerificationContext;
  /**
   * Returns `true` while the cached answer of the resolver is valid. The function is present only if a resolver
   * trusts the issuer, not if the options name the issuer.
   */
  readonly stillTrusted?: () => boolean;
}

/** Asks the resolver of a resource whether it trusts an issuer that the options do not name. */
@Injectable()
export class TrustedIssuers implements OnModuleInit {
  private readonly answers = new Map<AuthorizationServerResolverOption, Answers>();

  constructor(
    private readonly settings: McpAuthModuleSettings,
    private readonly resources: ProtectedResourceRegistry,
    private readonly servers: AuthorizationServerRegistry,
    private readonly moduleRef: ModuleRef,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const { issuerResolver, resource } of this.resources.all) {
      if (issuerResolver !== undefined && !this.answers.has(issuerResolver)) {
        const resolve = await this.toFunction(issuerResolver);
        this.answers.set(issuerResolver, this.answersOf(resolve, resource));
      }
    }
  }

  /**
   * Returns the context for the tokens of an issuer. The `issuers` of the context contain that issuer only if the
   * issuer is trusted. `claimed` returns the issuer that the token names, unchecked. `claimed` is called only if
   * the resource has a resolver.
   *
   * @throws AuthorizationServerError, McpAuthConfigurationError if the resolver gives no decision
   */
  async of(resource: ProtectedResource, claimed: () => unknown): Promise<Trust> {
    const answers = resource.issuerResolver && this.answers.get(resource.issuerResolver);
    const issuer = answers && claimed();
    if (!answers || !isIssuer(issuer) || namedIssuers(resource).includes(issuer)) {
      return { context: resource };
    }
    const { tenant } = resource;
    const key = `${tenant ?? ''} ${issuer}`;
    const server = await answers.get(key, { issuer, tenant });
    return server === undefined
      ? { context: resource }
      : {
          context: withTrustedServer(server, resource),
          stillTrusted: () => answers.isCurrent(key, server),
        };
  }

  private answersOf(resolve: ResolveAuthorizationServer, resource: string): Answers {
    const whose = `The options returned by the resolver in metadata.authorizationServers of ${resource}`;
    return new Resolutions({
      ...resolutionBounds(this.settings),
      what: `The resolver in metadata.authorizationServers of ${resource}`,
      ask: ({ issuer, tenant }) => resolve(issuer, { tenant }),
      check: (answer, { issuer }) => resolvedServer(answer, issuer, whose),
      make: (settings) => this.servers.prepare(settings),
    });
  }

  private async toFunction(
    resolver: AuthorizationServerResolverOption,
  ): Promise<ResolveAuthorizationServer> {
    if (!isResolverClass(resolver)) {
      return resolver;
    }
    const instance = await providerOrNew(resolver, this.moduleRef);
    return (issuer, context) => instance.resolve(issuer, context);
  }
}

function isIssuer(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_ISSUER_LENGTH &&
    issuerIdentifier(value, {}) === undefined
  );
}
