import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Returns the version of `@nestjs/websockets` that `@nestjs/core` loads. Its major version may differ from
 * that of `@nestjs/core`. Returns `undefined` if the package is not installed, or not found from the working
 * directory.
 *
 * It does not use `import.meta`, because Jest transforms this package to CommonJS for CommonJS applications.
 */
export function websocketsVersion(): string | undefined {
  try {
    const requireFromCore = createRequire(
      createRequire(join(process.cwd(), 'package.json')).resolve('@nestjs/core'),
    );
    const manifest = join(dirname(requireFromCore.resolve('@nestjs/websockets')), 'package.json');
    return (requireFromCore(manifest) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** Returns `true` if this version of `@nestjs/websockets` runs global guards on gateways. */
export function runsGlobalGuards(websockets: string): boolean {
  return Number.parseInt(websockets, 10) >= 12;
}
