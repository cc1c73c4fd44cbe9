import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { AuthorizationServerHealth } from '../authorization-server/authorization-server-health.js';
import { StateStore } from '../store/state-store.js';
import { healthData, type DocumentHealth } from './document-health.js';

/** The store has no value under this key. */
const KEY = 'health';

/**
 * Health indicators for `@nestjs/terminus` 11 and 12: one for each authorization server, and one for the state
 * store. Add it to the providers of a module that imports `TerminusModule`.
 *
 * It tells what this instance has cached. It does **not** ask an authorization server, so a health check costs
 * nothing there, and an outage is found by the next request that needs a document.
 *
 * @experimental It may change in any version.
 *
 * @example
 * ```ts
 * import { Controller, Get } from '@nestjs/common';
 * import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
 * import { Public } from 'nestjs-mcp-auth';
 * import { McpAuthHealthIndicator } from 'nestjs-mcp-auth/terminus';
 *
 * @Controller('health')
 * @Public()
 * export class HealthController {
 *   constructor(
 *     private readonly health: HealthCheckService,
 *     private readonly mcpAuth: McpAuthHealthIndicator,
 *   ) {}
 *
 *   @Get()
 *   @HealthCheck()
 *   check() {
 *     return this.health.check(this.mcpAuth.all());
 *   }
 * }
 * ```
 */
@Injectable()
export class McpAuthHealthIndicator {
  /** @internal */
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly servers: AuthorizationServerHealth,
    private readonly store: StateStore,
  ) {}

  /** Returns all indicators, for `HealthCheckService.check()`. */
  all(): (() => HealthIndicatorResult | Promise<HealthIndicatorResult>)[] {
    return [
      ...this.servers.issuers.map((issuer) => () => this.authorizationServer(issuer)),
      () => this.stateStore(),
    ];
  }

  /**
   * Checks an authorization server that the options name. It is `down` if a document cannot be fetched and no usable
   * document is cached, so that requests get 503. It is `degraded` (with terminus 11 `up`) if the last fetch failed and
   * a cached document is used: tokens with cached keys are accepted. In all other cases it is `up`, also before the
   * first fetch.
   *
   * @param key - the key in the result of the health check
   * @defaultValue the issuer
   * @throws McpAuthConfigurationError if no protected resource in the options names this issuer
   */
  authorizationServer(issuer: string, key = issuer): HealthIndicatorResult {
    const data = healthData(this.servers.of(issuer));
    const indicator = this.indicators.check(key);
    const documents = [data.metadata, data.jwks];
    if (documents.some(isUnavailable)) {
      return indicator.down(data);
    }
    const isDegraded = documents.some(({ isFailing }) => isFailing) && 'degraded' in indicator;
    return isDegraded ? indicator.degraded(data) : indicator.up(data);
  }

  /**
   * Checks the store of the module by reading a key. It is `down` if the store fails: requests that need it get
   * 503.
   *
   * @param key - the key in the result of the health check
   */
  async stateStore(key = 'mcp-auth-store'): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(key);
    try {
      await this.store.get([KEY]);
      return indicator.up();
    } catch {
      // The reason is in the log. It may have the address of the store.
      return indicator.down('The state store is unavailable.');
    }
  }
}

function isUnavailable({ state, isFailing }: DocumentHealth): boolean {
  return state === 'missing' && isFailing;
}
