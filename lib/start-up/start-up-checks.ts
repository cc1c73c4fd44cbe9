import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { AccessPolicyRegistry } from '../access/access-policy-registry.js';
import { DiscoveredHandlers } from '../access/discovered-handlers.js';
import { McpNestRegistry } from '../access/mcp-nest-registry.js';
import { log } from '../log/log.js';
import { summarize } from './access-summary.js';
import { assertEntitiesAreGuarded } from './assert-entities-are-guarded.js';
import { assertGuarded } from './assert-guarded.js';
import { assertTenantIsNamed } from './assert-tenant-is-named.js';
import { GraphqlSchemas } from './graphql-schemas.js';
import { GUARD_IS_GLOBAL } from './guard-is-global.js';
import { undeclaredScopes } from './undeclared-scopes.js';

/** Stops the start where a handler is not as protected as its decorators say. */
@Injectable()
export class StartUpChecks implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly policies: AccessPolicyRegistry,
    private readonly handlers: DiscoveredHandlers,
    private readonly mcpNest: McpNestRegistry,
    private readonly schemas: GraphqlSchemas,
    @Inject(GUARD_IS_GLOBAL) private readonly guardIsGlobal: boolean,
  ) {}

  /** Where the application binds the guard itself, only it knows which handlers are protected. */
  onModuleInit(): void {
    if (!this.guardIsGlobal) {
      return;
    }
    const prepared = this.policies.prepare(assertGuarded(this.handlers));
    this.mcpNest.assertServed(prepared);
    if (this.handlers.gatewaysAreGuarded()) {
      prepared.forEach(({ handler, policy }) => {
        assertTenantIsNamed(handler, policy);
      });
    }
    log.debug(() => summarize(prepared).split('\n'));
    const undeclared = undeclaredScopes(prepared);
    if (undeclared !== undefined) {
      log.debug(() => undeclared);
    }
  }

  /** GraphQL makes its schemas in the hook before this one. */
  onApplicationBootstrap(): void {
    if (this.guardIsGlobal) {
      assertEntitiesAreGuarded(this.handlers, this.schemas);
    }
  }
}
