/**
 * Turns stack traces off until the returned function is called. Capturing a stack trace is most of the cost of a
 * rejection, and it would only show that the guard rejects. A flood of bad tokens must not cost more than
 * good tokens.
 */
export function suspendStackTraces(): () => void {
  const { stackTraceLimit } = Error;
  limit(0);
  return () => {
    limit(stackTraceLimit);
  };
}

/** Turns stack traces off while `run` runs synchronously. Errors that it creates later have stack traces. */
export function withoutStackTraces<T>(run: () => T): T {
  const resumeStackTraces = suspendStackTraces();
  try {
    return run();
  } finally {
    resumeStackTraces();
  }
}

/** Sets `Error.stackTraceLimit`. Does nothing if `Error` is frozen. */
function limit(frames: number): void {
  Reflect.set(Error, 'stackTraceLimit', frames);
}
