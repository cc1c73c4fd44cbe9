import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Returns the version of `@nestjs/websockets` that `@nestjs/core` loads, which may be of another major
 * version than itself; nothing where there is none, or where a bundler hides it.
 */
export function websocketsVersion(): string | undefined {
  try {
    const core = createRequire(createRequire(import.meta.url).resolve('@nestjs/core'));
    const manifest = join(dirname(core.resolve('@nestjs/websockets')), 'package.json');
    return (core(manifest) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** Whether this version runs global guards on gateways. One that is not known is taken for one that does not. */
export function runsGlobalGuards(websockets: string | undefined): boolean {
  return Number.parseInt(websockets ?? '', 10) >= 12;
}
