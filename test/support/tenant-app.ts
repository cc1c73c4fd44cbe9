import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, jest } from '@jest/globals';
import {
  All,
  Controller,
  Get,
  Header,
  Post,
  type INestApplication,
  type LoggerService,
} from '@nestjs/common';
import {
  AuthInfo,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireScopes,
  Resource,
  type FindTenant,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { bearer, startApp, type AdapterName, type AppOptions } from './app.js';
import type { Issuer } from './issuer.js';
import { useIssuer } from './serve.js';
import { TenantIssuers } from './tenant-issuers.js';

export const TEMPLATE = 'https://api.example.com/{tenant}/mcp';
export const PLAIN = 'https://api.example.com/plain';
export const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** Returns the resource identifier of a tenant. */
export const at = (tenant: string) => TEMPLATE.replace('{tenant}', tenant);
export const documentOf = (tenant: string) => `${WELL_KNOWN}/${tenant}/mcp`;
export const metadataUrl = (tenant: string) => `https://api.example.com${documentOf(tenant)}`;

/** The names that handlers recorded in the current test. */
let handled: string[] = [];

@Controller(':tenant/mcp')
@Resource(TEMPLATE)
export class TenantController {
  @Get() get(@AuthInfo() { issuer, resource, resourceMetadataUrl, audience }: AuthInfo) {
    handled.push('get');
    return { issuer, resource: resource.href, resourceMetadataUrl, audience };
  }

  @Get('open') @OptionalAuth() open() {
    handled.push('open');
    return {};
  }

  @Get('public') @Public() all() {
    return {};
  }

  @Get('admin') @RequireScopes('admin') admin() {
    return {};
  }

  @Post() @McpEndpoint() @Header('Mcp-Session-Id', 'session-1') post() {
    handled.push('post');
    return { jsonrpc: '2.0', id: 1, result: {} };
  }

  @All('deep/*') rest() {
    handled.push('rest');
    return {};
  }
}

@Controller('plain')
@Resource(PLAIN)
export class PlainController {
  @Get() get(@AuthInfo('resource') resource: URL) {
    return { resource: resource.href };
  }
}

/** An application whose tenants are `acme` and `beta`. Each test starts it with `start`. */
export class TenantApp {
  app!: INestApplication;
  url = '';
  logged: string[] = [];
  /** The milliseconds by which the clock is put forward. */
  elapsed = 0;
  /** The function with which the application looks up tenants. */
  readonly find = jest.fn<FindTenant>();

  private constructor(
    private readonly adapter: AdapterName,
    readonly issuer: Issuer,
    readonly issuers: TenantIssuers,
  ) {}

  /** Prepares the application for each test of a `describe`, and stops it after the test. */
  static use(adapter: AdapterName): TenantApp {
    const issuer = useIssuer({ per: 'test' });
    const issuers = new TenantIssuers(issuer);
    const tested = new TenantApp(adapter, issuer, issuers);
    beforeEach(() => {
      handled = [];
      [tested.logged, tested.elapsed] = [[], 0];
      issuers.publish(['acme', 'beta']);
      tested.find.mockReset().mockImplementation((name) => name === 'acme' || name === 'beta');
      const now = performance.now.bind(performance);
      jest.spyOn(performance, 'now').mockImplementation(() => now() + tested.elapsed);
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });
    return tested;
  }

  get handled(): readonly string[] {
    return handled;
  }

  readonly write = (...line: unknown[]) => {
    this.logged.push(line.map(String).join(' '));
  };

  readonly start = async ({
    servers = [this.issuer.url],
    resource = {},
    module = {},
    ...more
  }: {
    servers?: ProtectedResourceOptions['metadata']['authorizationServers'];
    resource?: Partial<ProtectedResourceOptions>;
    module?: Partial<McpAuthModuleOptions>;
  } & Partial<AppOptions> = {}): Promise<void> => {
    const { adapter } = this;
    const tenants: FindTenant = (name) => this.find(name);
    const metadata = { resource: TEMPLATE, authorizationServers: servers };
    const plain = { resource: PLAIN, authorizationServers: [this.issuer.url] };
    const protectedResources = [{ metadata, tenants, ...resource }, { metadata: plain }];
    const { write } = this;
    const logger: LoggerService = { log: write, warn: write, error: write, fatal: write };
    ({ app: this.app, url: this.url } = await startApp({
      adapter,
      options: { ...module, protectedResources },
      controllers: [TenantController, PlainController],
      nest: { logger },
      ...more,
    }));
  };

  readonly mint = async (tenant: string, claims: Record<string, unknown> = {}): Promise<string> =>
    this.issuer.mint({ audience: at(tenant), claims });

  readonly call = async (tenant: string, token: string): Promise<Response> =>
    fetch(`${this.url}/${tenant}/mcp`, bearer(token));

  readonly status = async (tenant: string, token: string): Promise<number> =>
    (await this.call(tenant, token)).status;

  readonly document = async (tenant: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(this.url + documentOf(tenant));
    const body = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, ...body };
  };

  /** Sends a request with an unchanged path, and returns the status. `fetch` would resolve dot segments. */
  readonly raw = async (path: string, token = ''): Promise<number> =>
    new Promise<number>((resolve, reject) => {
      const headers = token === '' ? {} : bearer(token).headers;
      const { port } = new URL(this.url);
      httpRequest({ host: 'localhost', port, path, headers }, (response) => {
        void text(response).then(() => resolve(response.statusCode ?? 0), reject);
      })
        .on('error', reject)
        .end();
    });
}
