import { Injectable, type Type } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService } from '@nestjs/core';
import { AuthInfoInterceptor } from '../auth-info/auth-info.interceptor.js';
import {
  DiscoveredHandlers,
  type DiscoveredHandler,
} from '../policy/discovery/discovered-handlers.js';
import {
  bindAroundClass,
  bindBetween,
  bindBeforeEachOfClass,
  bindAroundHandler,
  interceptorsOf,
} from '../handler/interceptors.js';

/**
 * The only instance for all applications of the process. It is bound to functions, which applications may
 * share.
 */
const INTERCEPTOR = new AuthInfoInterceptor();

/**
 * Binds {@link AuthInfoInterceptor} around each route that has interceptors and around every other handler, and
 * before each interceptor that runs after another interceptor. A route without interceptors has no extra cost.
 */
@Injectable()
export class AuthInfoInterceptorBinding {
  /**
   * The providers to register. They include the interceptor, because Nest's list of request-scoped interceptors
   * holds providers only.
   */
  static readonly providers: readonly Type[] = [AuthInfoInterceptor, AuthInfoInterceptorBinding];

  /**
   * Binds the interceptor to resolvers, gateways and message handlers. It runs outside the application's
   * own interceptors, so that these interceptors also see the caller. The constructor does this, because Nest
   * registers gateways before any hook runs.
   */
  constructor(
    private readonly application: ApplicationConfig,
    private readonly handlers: DiscoveredHandlers,
    private readonly discovery: DiscoveryService,
  ) {
    const called = handlers.all().filter(({ kind }) => kind !== 'http');
    if (called.length > 0) {
      application.addGlobalInterceptor(INTERCEPTOR);
    }
    for (const { controller, method, kind } of called) {
      const isMessage = kind === 'rpc' || kind === 'mcp';
      const bind = isMessage ? bindAroundClass : bindBeforeEachOfClass;
      bind(INTERCEPTOR, controller);
      bindAroundHandler(
        INTERCEPTOR,
        (controller.prototype as Record<string, object>)[method] ?? {},
      );
    }
  }

  /**
   * Binds the interceptor to routes that have other interceptors. Call it when all interceptors are known,
   * and before Nest mounts the routes.
   */
  bindToRoutes(): void {
    bindBetween(INTERCEPTOR, this.application.getGlobalInterceptors());
    this.bindBeforeScoped();
    for (const handler of this.handlers.all().filter(({ kind }) => kind === 'http')) {
      if (this.isIntercepted(handler)) {
        bindBeforeEachOfClass(INTERCEPTOR, handler.controller);
        this.handlers.functionsOf(handler).forEach((called) => {
          bindAroundHandler(INTERCEPTOR, called);
        });
      }
    }
  }

  /**
   * Binds the interceptor before each request-scoped global interceptor. Nest runs these after all other
   * global interceptors.
   */
  private bindBeforeScoped(): void {
    const list = this.application.getGlobalRequestInterceptors();
    const own = this.discovery.getProviders().find(({ token }) => token === AuthInfoInterceptor);
    if (own !== undefined) {
      const others = list.filter((interceptor) => interceptor !== own);
      list.splice(0, list.length, ...others.flatMap((interceptor) => [own, interceptor]));
    }
  }

  /**
   * Returns `true` if interceptors run at the handler. For a request-scoped class it always returns `true`:
   * Nest looks for global interceptors at each request, and some may be added later.
   */
  private isIntercepted(handler: DiscoveredHandler): boolean {
    const { application, handlers } = this;
    const { controller } = handler;
    return (
      handlers.isPerRequest(controller) ||
      [
        ...application.getGlobalInterceptors(),
        ...application.getGlobalRequestInterceptors(),
        ...[controller, ...handlers.functionsOf(handler)].flatMap(interceptorsOf),
      ].some((interceptor) => interceptor !== INTERCEPTOR)
    );
  }
}
