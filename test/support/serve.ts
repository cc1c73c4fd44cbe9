import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { McpAuthModuleOptions, ProtectedResourceOptions } from 'nestjs-mcp-auth';
import {
  bearer,
  oneResource,
  RESOURCE,
  startApp,
  stopApps,
  type AdapterName,
  type AppOptions,
} from './app.js';
import { Issuer, type IssuerOptions, type MintOptions } from './issuer.js';
import { NotesController } from './notes.controller.js';

export interface Lifetime {
  /** `test` to start and stop for each test. By default, it starts and stops once for all tests of the `describe`. */
  per?: 'describe' | 'test';
}

export interface ServeOptions extends Omit<AppOptions, 'adapter' | 'options'>, Lifetime {
  /** The options of the resource, besides its identifier and the issuer. */
  resource?: Partial<ProtectedResourceOptions>;
  /** The options of the module, besides the resource. */
  module?: Partial<McpAuthModuleOptions>;
}

/** An application with one resource, and the issuer that it trusts. */
export interface Server {
  readonly issuer: Issuer;
  /** The running application. `url` is its address. */
  readonly app: INestApplication;
  readonly url: string;
  /** Makes a token for the resource. */
  mint: (options?: MintOptions) => Promise<string>;
  /** Sends a request for a path, with the token if it is given. */
  get: (path: string, token?: string) => Promise<Response>;
}

/** Starts an issuer before all tests, or before each test. Afterwards, stops the issuer and all applications. */
export function useIssuer({ per = 'describe', ...options }: IssuerOptions & Lifetime = {}): Issuer {
  const issuer = new Issuer(options);
  const [before, after] = per === 'test' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(() => issuer.begin());
  after(async () => {
    await stopApps();
    await issuer.down();
  });
  return issuer;
}

/** Starts an issuer and an application that trusts it. By default, the application has {@link NotesController}. */
export function serve(
  adapter: AdapterName,
  { per, resource, module, controllers = [NotesController], ...rest }: ServeOptions = {},
): Server {
  const issuer = useIssuer({ per });
  let running: { app: INestApplication; url: string };
  const start = async () => {
    const options = { ...oneResource(issuer.url, resource), ...module };
    running = await startApp({ adapter, options, controllers, ...rest });
  };
  (per === 'test' ? beforeEach : beforeAll)(start);
  return {
    issuer,
    get app() {
      return running.app;
    },
    get url() {
      return running.url;
    },
    mint: async (options) => issuer.mint({ audience: RESOURCE, ...options }),
    get: async (path, token) =>
      fetch(`${running.url}/${path}`, token === undefined ? {} : bearer(token)),
  };
}
