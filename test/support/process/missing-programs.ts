import { spawnSync } from 'node:child_process';

/** Debian has servers in a folder where only an administrator looks. */
export const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };

/**
 * Returns those of the programs that are not installed, and prints which. Where everything must be tested
 * (`CI=true`) that is a failure. Debian has each in a package of its own name.
 */
export function missingPrograms(programs: readonly string[]): string[] {
  const missing = programs.filter(
    (program) => spawnSync(program, ['--version'], { env: ENVIRONMENT }).error !== undefined,
  );
  if (missing.length > 0) {
    const names = missing.join(' ');
    const message = `not installed, but started by these tests: ${names} (apt-get install ${names})`;
    if (process.env.CI === 'true') {
      throw new Error(message);
    }
    process.stderr.write(`Skipped: ${message}\n`);
  }
  return missing;
}
