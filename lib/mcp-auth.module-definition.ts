import { ConfigurableModuleBuilder, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { McpAuthConfigurationError } from './errors/configuration.error.js';
import { BearerAuthGuard } from './guard/bearer-auth.guard.js';
import { GUARD_IS_GLOBAL } from './start-up/guard-is-global.js';
import { DEFAULT_EXTRAS, type McpAuthModuleExtras } from './options/mcp-auth-module.extras.js';
import type { McpAuthModuleOptions } from './options/mcp-auth-module.options.js';
import { MirroredServerMetadata } from './protected-resource/documents/mirrored-server-metadata.js';
import { ProtectedResourceMetadataController } from './protected-resource/documents/protected-resource-metadata.controller.js';

/** Creates the options, for `useClass` and `useExisting` of `McpAuthModule.forRootAsync`. */
export interface McpAuthOptionsFactory {
  /** Returns the options. It is called once, at start-up. */
  createMcpAuthOptions(): McpAuthModuleOptions | Promise<McpAuthModuleOptions>;
}

/** The providers that publish metadata documents. */
const PUBLISHERS: Provider[] = [ProtectedResourceMetadataController, MirroredServerMetadata];

const GLOBAL_GUARD: Provider = { provide: APP_GUARD, useExisting: BearerAuthGuard };

/** Reads a setting that is on by default: only `false` may open an application, not a missing setting. */
function isOn(name: keyof McpAuthModuleExtras, value: unknown = true): boolean {
  if (typeof value !== 'boolean') {
    throw new McpAuthConfigurationError(
      `${name} of McpAuthModule must be true or false (given: ${String(value)}).`,
    );
  }
  return value;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<McpAuthModuleOptions>({ moduleName: 'McpAuth' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createMcpAuthOptions')
    .setExtras(DEFAULT_EXTRAS, (definition, { guard, controller }) => ({
      ...definition,
      global: true,
      providers: [
        ...(definition.providers ?? []),
        { provide: GUARD_IS_GLOBAL, useValue: isOn('guard', guard) },
        ...(isOn('guard', guard) ? [GLOBAL_GUARD] : []),
        ...(isOn('controller', controller) ? PUBLISHERS : []),
      ],
    }))
    .build();
