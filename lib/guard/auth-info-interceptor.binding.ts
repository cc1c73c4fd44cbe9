import { Injectable } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { AuthInfoInterceptor } from '../auth-info/auth-info.interceptor.js';
import { DiscoveredHandlers } from '../access/discovered-handlers.js';

/**
 * Binds {@link AuthInfoInterceptor} globally where there is a handler that it is for, so that
 * applications without one do not pay for it, and outside the application's own interceptors, so that
 * they see the caller too. In the constructor, since gateways are registered before any hook runs.
 */
@Injectable()
export class AuthInfoInterceptorBinding {
  constructor(application: ApplicationConfig, handlers: DiscoveredHandlers) {
    if (handlers.all().some(({ kind }) => kind !== 'http')) {
      application.addGlobalInterceptor(new AuthInfoInterceptor());
    }
  }
}
