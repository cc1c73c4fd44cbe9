export { AuthInfo } from './auth-info/auth-info.js';
export { AuthInfoInterceptor } from './auth-info/auth-info.interceptor.js';
export { AccessTokenVerifier } from './verification/access-token-verifier.js';
export { AuthorizationServerMetadataService } from './authorization-server/metadata/authorization-server-metadata.service.js';
export {
  fetchServerConfig,
  fetchServerConfigByWellKnownUrl,
  type FetchServerConfigOptions,
  type ServerConfig,
} from './authorization-server/metadata/fetch-server-config.js';
export type { ServerConfigResource } from './authorization-server/metadata/server-checks.js';
export {
  validateServerConfig,
  type ServerConfigFinding,
  type ServerConfigFindingCode,
  type ServerConfigValidation,
} from './authorization-server/metadata/validate-server-config.js';
export {
  AccessDeniedException,
  BearerAuthException,
  DpopNonceRequiredException,
  InsufficientScopeException,
  InvalidDpopProofException,
  InvalidRequestException,
  InvalidTokenException,
  MissingTokenException,
  TemporarilyUnavailableException,
  type ResponseHeaders,
} from './challenge/bearer-auth.exception.js';
export type {
  ClientCertificatePolicy,
  TrustedHeader,
} from './possession/client-certificate/client-certificate-policy.js';
export type { DpopNonces } from './possession/dpop/dpop-nonces.js';
export type { DpopPolicy } from './possession/dpop/dpop-policy.js';
export {
  AuthorizationServerError,
  AuthorizationServerUnavailableError,
  IntrospectionFailedError,
  InvalidAuthorizationServerMetadataError,
} from './errors/authorization-server.error.js';
export type {
  AcceptedEvent,
  DecisionEvent,
  DocumentEvent,
  EventCaller,
  EventOperation,
  FailedDocumentEvent,
  McpAuthEventMap,
  RejectedEvent,
  RequestEvent,
  RevokedEvent,
  SteppedUpEvent,
} from './events/mcp-auth-event.js';
export { McpAuthEvents } from './events/mcp-auth-events.js';
export { McpAuthConfigurationError } from './errors/configuration.error.js';
export {
  DpopNonceRequiredError,
  InvalidDpopProofError,
  type InvalidDpopProofReason,
} from './errors/dpop-proof.error.js';
export { InsufficientScopeError } from './errors/insufficient-scope.error.js';
export {
  InvalidTokenError,
  type InvalidTokenErrorOptions,
  type InvalidTokenReason,
} from './errors/invalid-token.error.js';
export { McpAuthError } from './errors/mcp-auth.error.js';
export { NoAuthInfoError } from './errors/no-auth-info.error.js';
export { StateStoreUnavailableError } from './errors/state-store.error.js';
export type { TokenMismatch } from './errors/token-mismatch.js';
export { UnmetConditionError } from './errors/unmet-condition.error.js';
export { OptionalAuth, Public } from './decorators/access.decorator.js';
export { RequireAuth, type AuthCondition } from './decorators/require-auth.decorator.js';
export { RequireClaims } from './decorators/require-claims.decorator.js';
export { RequireScopes, type ComputeScopes } from './decorators/require-scopes.decorator.js';
export { Resource } from './decorators/resource.decorator.js';
export { authenticateConnection } from './guard/authenticate-connection.js';
export {
  nodeRequest,
  nodeResponse,
  type AdapterRequest,
  type AdapterResponse,
} from './transport/node-exchange.js';
export type { AuthenticatedRequest } from './transport/authenticated-request.js';
export { BearerAuthGuard } from './guard/bearer-auth.guard.js';
export type { ProviderSource } from './handler/provider-source.js';
export { IntrospectionTokenVerifier } from './verification/introspection/introspection-token-verifier.js';
export { JwtTokenVerifier } from './verification/jwt/jwt-token-verifier.js';
export { McpEndpoint } from './decorators/mcp-endpoint.decorator.js';
export type {
  McpEndpointOptions,
  OperationScopes,
  StepUpForm,
} from './mcp/mcp-endpoint.options.js';
export { SessionNotFoundException } from './mcp/session/session-not-found.exception.js';
export type {
  ScopeChallenge,
  ScopeChallengeHandler,
  ToScopeChallengeOptions,
} from './mcp/step-up/scope-challenge.js';
export { toScopeChallenge } from './mcp/step-up/to-scope-challenge.js';
export { ToolResultStepUpException } from './mcp/step-up/tool-result-step-up.js';
export type { McpOperation, McpOperationKind } from './mcp/operations/mcp-operation.js';
export type { ClaimValue, RequiredClaims } from './token/required-claims.js';
export type { McpAuthOptionsFactory } from './mcp-auth.module-definition.js';
export { McpAuthModule } from './mcp-auth.module.js';
export type {
  AuthorizationServerMetadata,
  MetadataDocument,
  TransformMetadata,
} from './metadata/authorization-server-metadata.js';
export type { ProtectedResourceMetadataDocument } from './metadata/protected-resource-metadata.js';
export type {
  AuthorizationServerConnection,
  AuthorizationServerOptions,
  AuthorizationServerTokens,
  AuthorizationServerType,
  DiscoveredAuthorizationServer,
  KnownAuthorizationServer,
} from './options/authorization-server.options.js';
export {
  AuthorizationServerResolver,
  type AuthorizationServerResolverOption,
  type AuthorizationServersOption,
  type ResolutionContext,
  type ResolveAuthorizationServer,
} from './options/authorization-server-resolver.js';
export type { ClaimsOptions } from './options/claims.options.js';
export type {
  BearerTokenSource,
  ClientAuthenticationMethod,
  IntrospectionOptions,
} from './options/introspection.options.js';
export type { PrivateKeyJwtOptions } from './options/private-key-jwt.options.js';
export type { TlsClientAuthOptions } from './options/tls-client-auth.options.js';
export type {
  ClientCertificateFormat,
  ClientCertificateHeader,
} from './options/client-certificate.options.js';
export type { DpopMode, DpopOptions } from './options/dpop.options.js';
export type { ProxyAssertionOptions } from './options/proxy-assertion.options.js';
export type { JwtOptions, AsymmetricAlgorithm } from './options/jwt.options.js';
export type { McpAuthModuleExtras } from './options/mcp-auth-module.extras.js';
export type { McpAuthModuleOptions, DiscoveryMode } from './options/mcp-auth-module.options.js';
export type { NetworkOptions } from './options/network.options.js';
export type { RevocationOptions } from './options/revocation.options.js';
export type {
  FindTenant,
  TenantAnswer,
  TenantOptions,
  TenantsOption,
} from './options/tenants.options.js';
export type { TenantCacheOptions } from './options/tenant-cache.options.js';
export type { TokenCacheOptions } from './options/token-cache.options.js';
export type { ProtectedResourceMetadataOptions } from './options/protected-resource-metadata.options.js';
export type { ProtectedResourceOptions } from './options/protected-resource.options.js';
export { ProtectedResourceRegistry } from './protected-resource/protected-resource-registry.js';
export type {
  ProtectedResource,
  ProxyAssertionPolicy,
  TenantResources,
} from './protected-resource/protected-resource.js';
export {
  TokenRevocations,
  type RevokedSubject,
  type RevokedToken,
} from './verification/revocation/token-revocations.js';
export type { ScopeHierarchyOptions } from './scope/scope-hierarchy.js';
export type { ScopeRequirement } from './scope/scope-requirement.js';
export { describePolicies } from './start-up/describe-policies.js';
export type { OperationDescription, PolicyDescription } from './start-up/policy-description.js';
export { MemoryStateStore, type MemoryStateStoreOptions } from './store/memory-state-store.js';
export { StateStore } from './store/state-store.js';
export type { Claims, ClaimSource, ClaimsPolicy } from './token/claims-policy.js';
export type { KeysByHand, PemKey } from './token/keys-by-hand.js';
export type { JwtPolicy } from './token/jwt-policy.js';
export {
  TokenVerifier,
  type AnyTokenVerifier,
  type TokenVerificationContext,
  type TokenVerifierOption,
  type VerifiedToken,
  type VerifyToken,
} from './token/token-verifier.js';
