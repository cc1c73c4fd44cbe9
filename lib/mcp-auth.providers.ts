import type { InjectionToken, Provider } from '@nestjs/common';
import { createAuthInfoProxy } from './auth-info/auth-info.proxy.js';
import { AuthInfo } from './auth-info/auth-info.js';
import { AccessTokenVerifier } from './verification/access-token-verifier.js';
import { EagerDiscovery } from './verification/eager-discovery.js';
import { OwnVerifiers } from './verification/own-verifiers.js';
import { TimeLimit } from './verification/time-limit.js';
import { TokenCache } from './verification/token-cache.js';
import { TokenForms } from './verification/token-forms.js';
import { TrustedIssuers } from './verification/trusted-issuers.js';
import { AuthorizationServerMetadataService } from './authorization-server/metadata/authorization-server-metadata.service.js';
import { AuthorizationServerRegistry } from './authorization-server/authorization-server-registry.js';
import { JwkSetService } from './authorization-server/jwk-set/jwk-set.service.js';
import { AuthorizationServerHealth } from './authorization-server/authorization-server-health.js';
import { DpopProofs } from './possession/dpop/dpop-proofs.js';
import { AccessPolicyRegistry } from './policy/access-policy-registry.js';
import { AuthInfoInterceptorBinding } from './guard/auth-info-interceptor.binding.js';
import { Authorization } from './guard/authorization.js';
import { PresentedTokenVerifier } from './guard/presented-token-verifier.js';
import { TOKEN_KINDS, type TokenKind } from './token/verification.js';
import { BearerAuthGuard } from './guard/bearer-auth.guard.js';
import { MessageFence } from './guard/message-fence.js';
import { RequestObserver } from './guard/request-observer.js';
import { StepUps } from './guard/step-ups.js';
import { McpAuthEvents } from './events/mcp-auth-events.js';
import { Possession } from './possession/possession.js';
import { DiscoveredHandlers } from './policy/discovery/discovered-handlers.js';
import { McpNestEndpoints } from './mcp-nest/mcp-nest-endpoints.js';
import { McpEndpoints } from './policy/mcp-endpoints.js';
import { McpSiblings } from './policy/mcp-siblings.js';
import { ModuleOfThisCopy } from './handler/module-of-this-copy.js';
import { IntrospectionClients } from './verification/introspection/introspection-clients.js';
import { IntrospectionTokenVerifier } from './verification/introspection/introspection-token-verifier.js';
import { JwtTokenVerifier } from './verification/jwt/jwt-token-verifier.js';
import { McpExchanges } from './mcp/mcp-exchange.js';
import { SessionOwners } from './mcp/session/session-owners.js';
import { MODULE_OPTIONS_TOKEN } from './mcp-auth.module-definition.js';
import { McpAuthModuleSettings } from './options/mcp-auth-module.options.js';
import { validateOptions } from './options/validation/validate-options.js';
import { ProtectedResourceRegistry } from './protected-resource/protected-resource-registry.js';
import { RevocationList } from './verification/revocation/revocation-list.js';
import { TokenRevocations } from './verification/revocation/token-revocations.js';
import { PolicyDescriptions } from './start-up/describe-policies.js';
import { GraphqlSchemas } from './start-up/graphql-schemas.js';
import { StartUpChecks } from './start-up/start-up-checks.js';
import { FailClosedStateStore } from './store/fail-closed-state-store.js';
import { MemoryStateStore } from './store/memory-state-store.js';
import { StateStore } from './store/state-store.js';
import { TokenVerifier } from './token/token-verifier.js';

/**
 * The exports of the module. They include all that the guard depends on: an application may bind the guard,
 * or a subclass, in any module.
 */
export const GUARD_DEPENDENCIES: InjectionToken[] = [
  AccessPolicyRegistry,
  AccessTokenVerifier,
  AuthInfo,
  AuthorizationServerHealth,
  AuthorizationServerMetadataService,
  BearerAuthGuard,
  IntrospectionTokenVerifier,
  JwtTokenVerifier,
  McpAuthEvents,
  McpExchanges,
  ModuleOfThisCopy,
  ProtectedResourceRegistry,
  StateStore,
  TokenRevocations,
  TokenVerifier,
  Authorization,
  Possession,
  PresentedTokenVerifier,
  RequestObserver,
  RevocationList,
];

/** The providers of the module, without those that `guard: false` and `controller: false` leave out. */
export const PROVIDERS: Provider[] = [
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
  { provide: McpEndpoints, useClass: McpNestEndpoints },
  {
    provide: TOKEN_KINDS,
    useFactory: (...kinds: TokenKind[]) => kinds,
    inject: [IntrospectionTokenVerifier, JwtTokenVerifier],
  },
  { provide: TokenVerifier, useExisting: AccessTokenVerifier },
  AccessPolicyRegistry,
  AccessTokenVerifier,
  AuthorizationServerHealth,
  AuthorizationServerMetadataService,
  Authorization,
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
  McpAuthEvents,
  McpExchanges,
  OwnVerifiers,
  McpSiblings,
  PolicyDescriptions,
  MessageFence,
  ModuleOfThisCopy,
  Possession,
  PresentedTokenVerifier,
  ProtectedResourceRegistry,
  RequestObserver,
  RevocationList,
  SessionOwners,
  StartUpChecks,
  StepUps,
  TimeLimit,
  TokenCache,
  TokenForms,
  TokenRevocations,
  TrustedIssuers,
];
