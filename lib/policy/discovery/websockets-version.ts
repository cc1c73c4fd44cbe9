import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Returns the version of `@nestjs/websockets` that `@nestjs/core` loads, which may be of another major
 * version than itself; nothing where there is none, or where it is not found from the working directory.
 *
 * Not by `import.meta`: Jest transforms this package to CommonJS for applications that are.
 */
export function websocketsVersion(): string | undefined {
  try {
    const core = createRequire(
      createRequire(join(process.cwd(), 'package.json')).resolve('@nestjs/core'),
    );
    const manifest = join(dirname(core.resolve('@nestjs/websockets')), 'package.json');
    return (core(manifest) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** Whether this version of `@nestjs/websockets` runs global guards on gateways. */
export function runsGlobalGuards(websockets: string): boolean {
  return Number.parseInt(websockets, 10) >= 12;
}
