import { spawnSync } from 'node:child_process';

/** The environment with `/usr/sbin` in `PATH`. Debian installs servers there, and only root has it in `PATH`. */
export const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };

/**
 * Returns the programs that are not installed, and prints their names. With `CI=true`, it throws an error instead,
 * because everything must be tested there. Each program must be in a Debian package of the same name.
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
