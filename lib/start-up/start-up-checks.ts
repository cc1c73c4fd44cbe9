import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { AuthorizationServerMetadataService } from '../authorization-server/metadata/authorization-server-metadata.service.js';
import { AccessPolicyRegistry, type PreparedPolicy } from '../policy/access-policy-registry.js';
import { DiscoveredHandlers } from '../policy/discovery/discovered-handlers.js';
import { McpEndpoints } from '../policy/mcp-endpoints.js';
import { McpSiblings } from '../policy/mcp-siblings.js';
import type { Handler } from '../handler/handler.js';
import { log } from '../log/log.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { summarize } from './access-summary.js';
import { assertAllAreHandlers } from './assert-all-are-handlers.js';
import { assertEntitiesAreGuarded } from './assert-entities-are-guarded.js';
import { assertBound, assertGuarded, assertReached } from './assert-guarded.js';
import { assertRootsAreGuarded } from './assert-roots-are-guarded.js';
import { assertNothingIsLost } from './assert-nothing-is-lost.js';
import { assertTenantIsNamed } from './assert-tenant-is-named.js';
import { isBoundGlobally } from './bound-guards.js';
import { PolicyDescriptions } from './describe-policies.js';
import { GraphqlSchemas } from './graphql-schemas.js';
import { GUARD_IS_GLOBAL } from './guard-is-global.js';
import { requiredScopes } from './required-scopes.js';
import { serverRequirements } from './server-requirements.js';
import { undeclaredScopes } from './undeclared-scopes.js';

/** Stops the start if a handler is not as protected as its decorators say. */
@Injectable()
export class StartUpChecks implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly policies: AccessPolicyRegistry,
    private readonly handlers: DiscoveredHandlers,
    private readonly endpoints: McpEndpoints,
    private readonly siblings: McpSiblings,
    private readonly descriptions: PolicyDescriptions,
    private readonly schemas: GraphqlSchemas,
    private readonly resources: ProtectedResourceRegistry,
    private readonly metadata: AuthorizationServerMetadataService,
    private readonly application: ApplicationConfig,
    private readonly modules: ModulesContainer,
    @Inject(GUARD_IS_GLOBAL) private readonly guardIsGlobal: boolean,
  ) {}

  onModuleInit(): void {
    const handlers = this.handlers.all();
    assertAllAreHandlers(this.modules, handlers);
    assertNothingIsLost(handlers);
    if (!this.guardIsGlobal) {
      this.assertOwnBindings();
      this.prepareRelatedScopes(handlers);
      return;
    }
    const prepared = this.policies.prepare(assertGuarded(this.handlers));
    this.endpoints.assertServed(prepared);
    if (this.handlers.gatewaysAreGuarded()) {
      prepared.forEach(({ handler, policy }) => {
        assertTenantIsNamed(handler, policy);
      });
    }
    log.debug(() => summarize(this.descriptions.all()).split('\n'));
    this.compareScopes(prepared);
  }

  /** Logs required scopes that the metadata of the resource, or of an authorization server, does not list. */
  private compareScopes(prepared: readonly PreparedPolicy[]): void {
    const required = requiredScopes(prepared);
    const undeclared = undeclaredScopes(required);
    if (undeclared !== undefined) {
      log.debug(() => undeclared);
    }
    serverRequirements(this.resources.all, required).forEach((requirements, issuer) => {
      this.metadata.checkFor(issuer, requirements);
    });
  }

  /**
   * Checks the guards that the application binds itself. Such an application also decides which handlers
   * without decorators are open.
   */
  private assertOwnBindings(): void {
    if (isBoundGlobally(this.application)) {
      assertReached(this.handlers);
    } else {
      assertBound(this.handlers, this.siblings);
    }
  }

  /**
   * Prepares the policies of all handlers if a challenge may name scopes that other handlers require. Preparing a
   * policy makes its scopes known.
   */
  private prepareRelatedScopes(handlers: readonly Handler[]): void {
    if (this.resources.all.some(({ relatedScopes }) => relatedScopes !== undefined)) {
      this.policies.prepareValid(handlers);
    }
  }

  /** Checks the GraphQL schemas. They do not exist yet in `onModuleInit`. */
  onApplicationBootstrap(): void {
    if (this.guardIsGlobal || isBoundGlobally(this.application)) {
      assertEntitiesAreGuarded(this.handlers, this.schemas);
      assertRootsAreGuarded(this.handlers, this.schemas);
    }
  }
}
