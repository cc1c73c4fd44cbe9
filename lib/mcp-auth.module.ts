import {
  Module,
  Optional,
  type NestModule,
  type OnModuleInit,
  type DynamicModule,
} from '@nestjs/common';
import { DiscoveryModule, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { openAuthInfoStore } from './auth-info/open-auth-info-store.js';
import { AuthInfoInterceptorBinding } from './guard/auth-info-interceptor.binding.js';
import { LoadedWithMcpAuthModule } from './handler/module-of-this-copy.js';
import {
  ConfigurableModuleClass,
  type ASYNC_OPTIONS_TYPE,
  type OPTIONS_TYPE,
} from './mcp-auth.module-definition.js';
import { McpAuthModuleSettings } from './options/mcp-auth-module.options.js';
import { log } from './log/log.js';
import { assertFactory, assertMirrorIsServed, assertOptions } from './registration.js';
import { ProtectedResourceMetadataController } from './protected-resource/documents/protected-resource-metadata.controller.js';
import { resourceWarnings } from './protected-resource/resource-warnings.js';
import { registerApplication } from './start-up/register-application.js';
import { GUARD_DEPENDENCIES, PROVIDERS } from './mcp-auth.providers.js';

/**
 * Makes the application an OAuth 2.1 protected resource, as MCP clients expect it. Register the module once,
 * with `forRoot` or `forRootAsync`. It is global.
 *
 * It binds {@link BearerAuthGuard} globally and publishes the protected resource metadata. The options in
 * {@link McpAuthModuleExtras} can turn off the guard or the metadata.
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
  providers: PROVIDERS,
  exports: GUARD_DEPENDENCIES,
})
export class McpAuthModule extends ConfigurableModuleClass implements NestModule, OnModuleInit {
  /** Registers the module with given options. */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    assertOptions(options);
    return super.forRoot(options);
  }

  /** Registers the module with options that a factory makes at start-up. */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    assertFactory(options);
    return super.forRootAsync(options);
  }

  /** @internal */
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

  /**
   * Mounts the metadata documents, opens a store for the caller of each request, and binds the interceptor. Nest
   * calls this method before it mounts the application's own routes, so a catch-all route does not hide the
   * documents.
   */
  configure(): void {
    assertMirrorIsServed(this.options, this.metadataController !== undefined);
    const answerIfDocument = this.metadataController?.mount();
    openAuthInfoStore(this.host.httpAdapter, answerIfDocument);
    this.interceptors.bindToRoutes();
  }

  onModuleInit(): void {
    [this.options.protectedResources]
      .flat()
      .flatMap(resourceWarnings)
      .forEach((warning) => {
        log.warn(warning);
      });
  }
}
