import { Injectable } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { AuthInfoInterceptor } from '../auth-info/auth-info.interceptor.js';
import { DiscoveredHandlers, type DiscoveredHandler } from '../access/discovered-handlers.js';
import { bindInnermost, interceptorsOf } from '../handler/interceptors.js';

/** One for all applications of the process: it is bound to functions, which they may share. */
const INTERCEPTOR = new AuthInfoInterceptor();

/**
 * Binds {@link AuthInfoInterceptor} where something can come between the guard and a handler, so that
 * plain routes do not pay for it.
 */
@Injectable()
export class AuthInfoInterceptorBinding {
  /**
   * Binds it to resolvers, gateways and message handlers, and outside the application's own interceptors,
   * so that they see the caller too. In the constructor, since gateways are registered before any hook runs.
   */
  constructor(
    private readonly application: ApplicationConfig,
    private readonly handlers: DiscoveredHandlers,
  ) {
    const called = handlers.all().filter(({ kind }) => kind !== 'http');
    if (called.length > 0) {
      application.addGlobalInterceptor(INTERCEPTOR);
    }
    for (const { controller, method } of called) {
      bindInnermost(INTERCEPTOR, (controller.prototype as Record<string, object>)[method] ?? {});
    }
  }

  /** Binds it to routes that have other interceptors; before Nest mounts them, when all are known. */
  bindToRoutes(): void {
    const others = [
      ...this.application.getGlobalInterceptors(),
      ...this.application.getGlobalRequestInterceptors(),
    ].filter((interceptor) => interceptor !== INTERCEPTOR);
    for (const handler of this.handlers.all().filter(({ kind }) => kind === 'http')) {
      if (others.length > 0 || this.isIntercepted(handler)) {
        this.handlers.functionsOf(handler).forEach((called) => {
          bindInnermost(INTERCEPTOR, called);
        });
      }
    }
  }

  /** What is made for each request asks for the global interceptors each time: some may come later. */
  private isIntercepted(handler: DiscoveredHandler): boolean {
    const { controller } = handler;
    return (
      [controller, ...this.handlers.functionsOf(handler)].some(
        (target) => interceptorsOf(target).length > 0,
      ) || this.handlers.isPerRequest(controller)
    );
  }
}
