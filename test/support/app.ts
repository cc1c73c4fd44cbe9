import type { INestApplication, ModuleMetadata, NestApplicationOptions } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import {
  McpAuthModule,
  type McpAuthModuleExtras,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';

/** The adapters. Every behaviour over HTTP is tested on both adapters. */
export const adapters = ['express', 'fastify'] as const;
export type AdapterName = (typeof adapters)[number];

export interface AppOptions extends ModuleMetadata {
  adapter: AdapterName;
  options: McpAuthModuleOptions & McpAuthModuleExtras;
  /** The steps of a user between `create` and `listen`. */
  setUp?: (app: INestApplication) => void;
  nest?: NestApplicationOptions;
  /** The overrides of a user's test before it compiles the module. */
  override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

export interface RunningApp {
  app: INestApplication;
  url: string;
}

const running: INestApplication[] = [];

/** Starts an application with the module in it, on a free port of the loopback interface. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const app = await createApp(options);
  await app.listen(0, '127.0.0.1');
  return { app, url: (await app.getUrl()).replace('127.0.0.1', 'localhost') };
}

export async function createApp({
  adapter,
  options,
  setUp,
  nest,
  override = (builder) => builder,
  imports = [],
  ...metadata
}: AppOptions): Promise<INestApplication> {
  const builder = Test.createTestingModule({
    imports: [McpAuthModule.forRoot(options), ...imports],
    ...metadata,
  });
  const module = await override(builder).compile();
  const quiet: NestApplicationOptions = { logger: false, ...nest };
  const tls = nest?.httpsOptions && ({ https: nest.httpsOptions } as object);
  const app =
    adapter === 'fastify'
      ? module.createNestApplication(new FastifyAdapter(tls), quiet)
      : module.createNestApplication(quiet);
  running.push(app);
  setUp?.(app);
  return app;
}

/** Closes the applications of {@link startApp} and {@link createApp}. For `afterEach` or `afterAll`. */
export async function stopApps(): Promise<void> {
  await Promise.all(running.splice(0).map((app) => app.close()));
}

/** Starts the application on Express. Returns the error, or `undefined` if the application starts. */
export async function startFailure(
  options: Omit<AppOptions, 'adapter'>,
): Promise<Error | undefined> {
  try {
    await startApp({ adapter: 'express', ...options });
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

export const RESOURCE = 'https://api.example.com/notes';

/** Returns the options of an application with one resource. */
export function oneResource(
  issuer: string,
  more: Partial<ProtectedResourceOptions> = {},
): McpAuthModuleOptions {
  return {
    protectedResources: {
      metadata: { resource: RESOURCE, authorizationServers: [issuer] },
      ...more,
    },
  };
}

export function bearer(token: string): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${token}` } };
}
