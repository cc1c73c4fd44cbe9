import type { LoggerService } from '@nestjs/common';

/** Runs a function with a logger, and returns what the module logged to it. */
export async function logsOf(
  run: (logger: LoggerService) => Promise<unknown>,
): Promise<{ debug: string[]; warn: string[] }> {
  const lines = { debug: [] as string[], warn: [] as string[] };
  const collect = (into: string[]) => (message: string, context?: string) => {
    if (context === 'McpAuthModule') {
      into.push(message);
    }
  };
  const ignore = () => undefined;
  await run({
    log: ignore,
    error: ignore,
    warn: collect(lines.warn),
    debug: collect(lines.debug),
  });
  return lines;
}
