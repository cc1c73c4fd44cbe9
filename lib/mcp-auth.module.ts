import {
  Module,
  Optional,
  type NestModule,
  type OnModuleInit,
  type DynamicModule,
} from '@nestjs/common';
import { DiscoveryModule, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { createAuthInfoProxy } from './auth-info/auth-info.proxy.js';
import { AuthInfo } from './auth-info/auth-info.js';
import { openAuthInfoStore } from './auth-info/open-auth-info-store.js';
import { AccessTokenVerifier } from './authentication/access-token-verifier.js';
import { EagerDiscovery } from './authentication/eager-discovery.js';
import { OwnVerifiers } from './authentication/own-verifiers.js';
import { TimeLimit } from './authentication/time-limit.js';
import { TokenCache } from './authentication/token-cache.js';
import { TokenForms } from './authentication/token-forms.js';
import { TrustedIssuers } from './authentication/trusted-issuers.js';
import { AuthorizationServerMetadataService } from './authorization-server/authorization-server-metadata.service.js';
import { AuthorizationServerRegistry } from './authorization-server/authorization-server-registry.js';
import { JwkSetService } from './authorization-server/jwk-set.service.js';
import { DpopProofs } from './dpop/dpop-proofs.js';
import { AccessPolicyRegistry } from './access/access-policy-registry.js';
import { AuthInfoInterceptorBinding } from './guard/auth-info-interceptor.binding.js';
import { Admission } from './guard/admission.js';
import { BearerAuthGuard } from './guard/bearer-auth.guard.js';
import { MessageFence } from './guard/message-fence.js';
import { Possession } from './guard/possession.js';
import { DiscoveredHandlers } from './access/discovered-handlers.js';
import { McpNestRegistry } from './access/mcp-nest-registry.js';
import { McpSiblings } from './access/mcp-siblings.js';
import { LoadedWithMcpAuthModule, ModuleOfThisCopy } from './handler/module-of-this-copy.js';
import { IntrospectionClients } from './introspection/introspection-clients.js';
import { IntrospectionTokenVerifier } from './introspection/introspection-token-verifier.js';
import { JwtTokenVerifier } from './jwt/jwt-token-verifier.js';
import { McpExchanges } from './mcp/mcp-exchange.js';
import { SessionOwners } from './mcp/session-owners.js';
import {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  type ASYNC_OPTIONS_TYPE,
  type OPTIONS_TYPE,
} from './mcp-auth.module-definition.js';
import { McpAuthModuleSettings } from './options/mcp-auth-module.options.js';
import { log } from './log/log.js';
import { assertFactory, assertOptions } from './registration.js';
import { validateOptions } from './options/validation/validate-options.js';
import { ProtectedResourceMetadataController } from './protected-resource/protected-resource-metadata.controller.js';
import { ProtectedResourceRegistry } from './protected-resource/protected-resource-registry.js';
import { RevocationList } from './revocation/revocation-list.js';
import { TokenRevocations } from './revocation/token-revocations.js';
import { GraphqlSchemas } from './start-up/graphql-schemas.js';
import { registerApplication } from './start-up/register-application.js';
import { StartUpChecks } from './start-up/start-up-checks.js';
import { FailClosedStateStore } from './store/fail-closed-state-store.js';
import { MemoryStateStore } from './store/memory-state-store.js';
import { StateStore } from './store/state-store.js';
import { TokenVerifier } from './token/token-verifier.js';

/** With what the guard depends on: an application may bind it, or a subclass, in any module. */
const PUBLIC_PROVIDERS = [
  AccessPolicyRegistry,
  AccessTokenVerifier,
  AuthInfo,
  AuthorizationServerMetadataService,
  BearerAuthGuard,
  IntrospectionTokenVerifier,
  JwtTokenVerifier,
  McpExchanges,
  ModuleOfThisCopy,
  ProtectedResourceRegistry,
  StateStore,
  TokenRevocations,
  TokenVerifier,
  Admission,
];

/**
 * Makes the application an OAuth 2.1 protected resource, as MCP clients expect one: register it once,
 * with `forRoot` or `forRootAsync`. It is global.
 *
 * It binds {@link BearerAuthGuard} to every handler and publishes the protected resource metadata;
 * see {@link McpAuthModuleExtras} for how to leave either out.
 *
 * @throws McpAuthConfigurationError at start-up, if the options or the decorators are not right
 *
 * @example
 * ```ts
 * import { Module } from '@nestjs/common';
 * import { McpAuthModule } from 'nestjs-mcp-auth';
 *
 * @Module({
 *   imports: [
 *     McpAuthModule.forRoot({
 *       protectedResources: {
 *         metadata: {
 *           resource: 'https://api.example.com/notes',
 *           authorizationServers: ['https://auth.example.com'],
 *           scopesSupported: ['read:notes', 'write:notes'],
 *         },
 *       },
 *     }),
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
@Module({
  imports: [DiscoveryModule, LoadedWithMcpAuthModule],
  providers: [
    {
      provide: McpAuthModuleSettings,
      useFactory: (given: unknown) => validateOptions(McpAuthModuleSettings, given),
      inject: [MODULE_OPTIONS_TOKEN],
    },
    {
      provide: StateStore,
      useFactory: ({ store = new MemoryStateStore() }: McpAuthModuleSettings) =>
        new FailClosedStateStore(store),
      inject: [McpAuthModuleSettings],
    },
    { provide: AuthInfo, useFactory: createAuthInfoProxy },
    { provide: TokenVerifier, useExisting: AccessTokenVerifier },
    AccessPolicyRegistry,
    AccessTokenVerifier,
    Admission,
    AuthorizationServerMetadataService,
    AuthorizationServerRegistry,
    ...AuthInfoInterceptorBinding.providers,
    BearerAuthGuard,
    DiscoveredHandlers,
    DpopProofs,
    EagerDiscovery,
    GraphqlSchemas,
    IntrospectionClients,
    IntrospectionTokenVerifier,
    JwkSetService,
    JwtTokenVerifier,
    McpExchanges,
    McpNestRegistry,
    OwnVerifiers,
    McpSiblings,
    MessageFence,
    ModuleOfThisCopy,
    Possession,
    ProtectedResourceRegistry,
    RevocationList,
    SessionOwners,
    StartUpChecks,
    TimeLimit,
    TokenCache,
    TokenForms,
    TokenRevocations,
    TrustedIssuers,
  ],
  exports: PUBLIC_PROVIDERS,
})
export class McpAuthModule extends ConfigurableModuleClass implements NestModule, OnModuleInit {
  /** Registers the module with options that are known. */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    assertOptions(options);
    return super.forRoot(options);
  }

  /** Registers the module with options that a factory makes at start-up. */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    assertFactory(options);
    return super.forRootAsync(options);
  }

  constructor(
    application: ModulesContainer,
    private readonly options: McpAuthModuleSettings,
    private readonly host: HttpAdapterHost,
    private readonly interceptors: AuthInfoInterceptorBinding,
    @Optional() private readonly metadataController?: ProtectedResourceMetadataController,
  ) {
    super();
    registerApplication(application, McpAuthModule);
  }

  /** Runs before Nest mounts the application's own routes, and so ahead of a catch-all among them. */
  configure(): void {
    const isAnswered = this.metadataController?.mount();
    openAuthInfoStore(this.host.httpAdapter, isAnswered);
    this.interceptors.bindToRoutes();
  }

  onModuleInit(): void {
    for (const { metadata, dangerouslySkipAudienceCheck } of [
      this.options.protectedResources,
    ].flat()) {
      if (dangerouslySkipAudienceCheck) {
        log.warn(
          `${metadata.resource} accepts tokens meant for any other service (dangerouslySkipAudienceCheck).`,
        );
      }
    }
  }
}
