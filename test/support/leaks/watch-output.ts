import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';

/** A function that gets each text that was written, and the name of the writer. */
type Listener = (by: string, text: string) => void;

const LEVELS = ['log', 'error', 'warn', 'debug', 'verbose', 'fatal'] as const;
const CONSOLE = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const;

/**
 * Watches Nest's logger, the console and the standard streams. It sees log lines even if the application does
 * not print them, as in most tests. Returns a function that stops watching.
 */
export function watchOutput(listener: Listener): () => void {
  const watched = [
    ...LEVELS.map((level) => intercept(Logger.prototype, level, listener, `Logger.${level}`)),
    ...LEVELS.map((level) => intercept(Logger, level, listener, `Logger.${level}`)),
    ...CONSOLE.map((method) => intercept(console, method, listener, `console.${method}`)),
    intercept(process.stdout, 'write', listener, 'stdout'),
    intercept(process.stderr, 'write', listener, 'stderr'),
  ];
  return () => watched.forEach((stop) => stop());
}

function intercept(target: object, method: string, listener: Listener, by: string): () => void {
  const methods = target as Record<string, (...args: unknown[]) => unknown>;
  const original = methods[method];
  methods[method] = function (this: unknown, ...args) {
    listener(by, args.map(textOf).join(' '));
    return original?.apply(this, args);
  };
  return () => {
    methods[method] = original as () => unknown;
  };
}

/** Returns a value as text, with at least what any logger would show. */
function textOf(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  try {
    return inspect(value, { depth: 10, showHidden: true, maxStringLength: Infinity });
  } catch {
    return '';
  }
}
