import { Injectable, type Type } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService } from '@nestjs/core';
import { AuthInfoInterceptor } from '../auth-info/auth-info.interceptor.js';
import {
  DiscoveredHandlers,
  type DiscoveredHandler,
} from '../policy/discovery/discovered-handlers.js';
import {
  bindBehindClass,
  bindBetween,
  bindToClass,
  bindToHandler,
  interceptorsOf,
} from '../handler/interceptors.js';

/** One for all applications of the process: it is bound to functions, which they may share. */
const INTERCEPTOR = new AuthInfoInterceptor();

/**
 * Binds {@link AuthInfoInterceptor} before each other interceptor that something comes before, and around
 * each handler that has interceptors. Plain routes have none, and do not pay for it.
 */
@Injectable()
export class AuthInfoInterceptorBinding {
  /** With the interceptor as a provider: what Nest makes for each request, it takes from providers alone. */
  static readonly providers: readonly Type[] = [AuthInfoInterceptor, AuthInfoInterceptorBinding];

  /**
   * Binds it to resolvers, gateways and message handlers, and outside the application's own interceptors,
   * so that they see the caller too. In the constructor, since gateways are registered before any hook runs.
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
      const bind = isMessage ? bindBehindClass : bindToClass;
      bind(INTERCEPTOR, controller);
      bindToHandler(INTERCEPTOR, (controller.prototype as Record<string, object>)[method] ?? {});
    }
  }

  /** Binds it to routes that have other interceptors; before Nest mounts them, when all are known. */
  bindToRoutes(): void {
    bindBetween(INTERCEPTOR, this.application.getGlobalInterceptors());
    this.bindBeforeScoped();
    for (const handler of this.handlers.all().filter(({ kind }) => kind === 'http')) {
      if (this.isIntercepted(handler)) {
        bindToClass(INTERCEPTOR, handler.controller);
        this.handlers.functionsOf(handler).forEach((called) => {
          bindToHandler(INTERCEPTOR, called);
        });
      }
    }
  }

  /** Binds it before each global interceptor that Nest makes for each request; they come after the others. */
  private bindBeforeScoped(): void {
    const list = this.application.getGlobalRequestInterceptors();
    const own = this.discovery.getProviders().find(({ token }) => token === AuthInfoInterceptor);
    if (own !== undefined) {
      const others = list.filter((interceptor) => interceptor !== own);
      list.splice(0, list.length, ...others.flatMap((interceptor) => [own, interceptor]));
    }
  }

  /** A class that Nest makes for each request looks for global interceptors each time: some may come later. */
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
