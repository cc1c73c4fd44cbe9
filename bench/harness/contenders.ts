import type { Setup } from '../contenders/contender.js';
import { Server } from './server.js';

/** A contender to start. */
export interface Program {
  /** The name in this run. It is also the file in `contenders/`, unless `contender` is given. */
  name: string;
  /** The file in `contenders/`. */
  contender?: string;
  /** The copy of the bench next to an earlier library. Default: this bench and the current library. */
  build?: URL;
}

export interface Description extends Program {
  label: string;
  /** The same application without a library. Such an application has no baseline itself. */
  baseline?: string;
  /** The minimal guard that does the same job. The cost above the baseline is compared with this one's. */
  least?: string;
  /** Caches verified tokens. */
  remembers?: boolean;
  isPeer?: boolean;
  /** Shows what one part of the work costs. It is measured with one algorithm only. */
  isPart?: boolean;
  /** Does not protect its route. */
  isOpen?: boolean;
}

/** The contenders of `npm run bench`, in the order of its tables. */
export const CONTENDERS: readonly Description[] = [
  { name: 'open', label: 'open route' },
  {
    name: 'ours',
    label: '**nestjs-mcp-auth**',
    baseline: 'open',
    least: 'caching-guard',
    remembers: true,
  },
  {
    name: 'ours-first-sight',
    label: 'nestjs-mcp-auth, `tokenCache: false`',
    baseline: 'open',
    least: 'jose-guard',
  },
  { name: 'mcp-auth', label: 'mcp-auth', baseline: 'open', isPeer: true },
  {
    name: 'mcp-express',
    label: '@modelcontextprotocol/express with jose',
    baseline: 'open',
    isPeer: true,
  },
  {
    name: 'express-oauth2-jwt-bearer',
    label: 'express-oauth2-jwt-bearer',
    baseline: 'open',
    isPeer: true,
  },
  {
    name: 'passport-jwt',
    label: '@nestjs/passport with passport-jwt and jwks-rsa',
    baseline: 'open',
    isPeer: true,
  },
  {
    name: 'open-store',
    label: 'open route in an AsyncLocalStorage',
    baseline: 'open',
    isPart: true,
    isOpen: true,
  },
  {
    name: 'bare-guard',
    label: 'a store, a guard that accepts everything, and a parameter',
    baseline: 'open',
    isPart: true,
    isOpen: true,
  },
  {
    name: 'caching-guard',
    label: 'a store, a guard that caches verified tokens, and a parameter',
    baseline: 'open',
    isPart: true,
    remembers: true,
  },
  {
    name: 'jose-guard',
    label: 'a store, a guard that only verifies with jose, and a parameter',
    baseline: 'open',
    isPart: true,
  },
  { name: 'open-fastify', label: 'open route, Fastify' },
  {
    name: 'ours-fastify',
    label: '**nestjs-mcp-auth**, Fastify',
    baseline: 'open-fastify',
    least: 'caching-guard-fastify',
    remembers: true,
  },
  {
    name: 'open-store-fastify',
    label: 'open route in an AsyncLocalStorage, Fastify',
    baseline: 'open-fastify',
    isPart: true,
    isOpen: true,
  },
  {
    name: 'bare-guard-fastify',
    label: 'a store, a guard that accepts everything, and a parameter, Fastify',
    baseline: 'open-fastify',
    isPart: true,
    isOpen: true,
  },
  {
    name: 'caching-guard-fastify',
    label: 'a store, a guard that caches verified tokens, and a parameter, Fastify',
    baseline: 'open-fastify',
    isPart: true,
    remembers: true,
  },
];

/** Returns `true` if the contender does not verify tokens that it has seen before. */
export function isCheap({ baseline, remembers = false, isOpen = false }: Description): boolean {
  return baseline === undefined || remembers || isOpen;
}

/** Returns all contenders, or only the named one and its baseline. */
export function selected(only: string | undefined): Description[] {
  const names = [
    only,
    ...CONTENDERS.filter(({ name }) => name === only).map((one) => one.baseline),
  ];
  return CONTENDERS.filter(({ name }) => only === undefined || names.includes(name));
}

export type Servers = Map<string, Server>;

export async function startAll(programs: readonly Program[], setup: Setup): Promise<Servers> {
  const started = programs.map(async (one) => [one.name, await start(one, setup)] as const);
  return new Map(await Promise.all(started));
}

function start({ name, contender = name, build }: Program, setup: Setup): Promise<Server> {
  return Server.start(contender, setup, build && { file: serverProcessOf(build) });
}

function serverProcessOf(build: URL): string {
  return new URL('harness/server.process', build).href;
}

export async function stopAll(servers: Servers): Promise<void> {
  await Promise.all([...servers.values()].map((server) => server.stop()));
}
