import { afterEach, beforeEach, jest } from '@jest/globals';
import { Controller, Get, Logger, type INestApplication } from '@nestjs/common';
import {
  AuthInfo,
  RequireScopes,
  Resource,
  type AuthorizationServerOptions,
  type IntrospectionOptions,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { bearer, RESOURCE, startApp, type AdapterName } from './app.js';
import { CLIENT, IntrospectionEndpoint } from './introspection.js';
import type { Issuer } from './issuer.js';
import { useIssuer } from './serve.js';

@Controller('notes')
@Resource(RESOURCE)
export class NotesController {
  @Get() get(@AuthInfo() { issuer, subject, clientId, scopes, expiresAt, claims }: AuthInfo) {
    return { issuer, subject, clientId, scopes, expiresAt: expiresAt ?? null, claims };
  }

  @Get('admin') @RequireScopes('admin') admin() {
    return {};
  }
}

/** Returns the options of an authorization server that is trusted, and at which tokens are introspected. */
export const introspecting = (
  { url }: Issuer,
  more: Partial<IntrospectionOptions> = {},
): AuthorizationServerOptions => ({ issuer: url, introspection: { ...CLIENT, ...more } });

/** An application that introspects tokens. Each test starts it with `start`. */
export class IntrospectedApp {
  endpoint!: IntrospectionEndpoint;
  app!: INestApplication;
  url = '';
  /** The warnings about introspection that were logged. */
  logged: string[] = [];

  private constructor(
    private readonly adapter: AdapterName,
    readonly issuer: Issuer,
  ) {}

  /** Prepares the application for each test of a `describe`, and stops it after the test. */
  static use(adapter: AdapterName): IntrospectedApp {
    // Registered before the hook that stops the application, which needs real timers.
    afterEach(() => {
      jest.restoreAllMocks();
      jest.useRealTimers();
    });
    const issuer = useIssuer({ per: 'test' });
    const tested = new IntrospectedApp(adapter, issuer);
    beforeEach(() => {
      tested.endpoint = new IntrospectionEndpoint(issuer);
      tested.logged = [];
      jest
        .spyOn(Logger.prototype, 'warn')
        .mockImplementation(
          (text: string) => text.startsWith('Introspection') && tested.logged.push(text),
        );
    });
    return tested;
  }

  readonly start = async (
    servers: AuthorizationServerOptions[] = [introspecting(this.issuer)],
    resource: Partial<ProtectedResourceOptions> = {},
    module: Partial<McpAuthModuleOptions> = {},
  ): Promise<void> => {
    const { adapter } = this;
    const metadata = { resource: RESOURCE, authorizationServers: servers };
    const options = { protectedResources: { metadata, ...resource }, ...module };
    ({ url: this.url, app: this.app } = await startApp({
      adapter,
      options,
      controllers: [NotesController],
    }));
  };

  readonly call = async (token: string, path = '/notes'): Promise<Response> =>
    fetch(this.url + path, bearer(token));

  readonly status = async (token: string, path?: string): Promise<number> =>
    (await this.call(token, path)).status;
}
