import { Module, type DynamicModule } from '@nestjs/common';
import { Telemetry } from './telemetry.js';
import { McpAuthTelemetryOptions } from './telemetry-options.js';

export { McpAuthTelemetryOptions };

/**
 * Reports what the guard decides, and how authorization servers are reached, as metrics and spans of
 * OpenTelemetry. It needs `@opentelemetry/api` 1, and `McpAuthModule` in the application. The SDK and its
 * exporters are the application's own: without them, nothing is recorded.
 *
 * No metric or span has a token, or any claim but the issuer. A span has the caller only with the option `principal`.
 *
 * @experimental It may change in any version.
 *
 * @example
 * ```ts
 * import { Module } from '@nestjs/common';
 * import { McpAuthTelemetryModule } from 'nestjs-mcp-auth/opentelemetry';
 *
 * @Module({ imports: [McpAuthTelemetryModule.forRoot()] })
 * export class ObservabilityModule {}
 * ```
 */
@Module({})
export class McpAuthTelemetryModule {
  /** Registers the module. */
  static forRoot(options: McpAuthTelemetryOptions = {}): DynamicModule {
    return {
      module: McpAuthTelemetryModule,
      providers: [Telemetry, { provide: McpAuthTelemetryOptions, useValue: options }],
    };
  }
}
