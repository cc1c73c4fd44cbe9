/**
 * Errors that are made until the function is called that this returns have no stack trace. To take one
 * is most of what a refusal costs, and all that it tells is that the guard refuses: a flood of requests
 * with bad tokens is to cost no more than one with good ones.
 */
export function suspendStackTraces(): () => void {
  const { stackTraceLimit } = Error;
  limit(0);
  return () => {
    limit(stackTraceLimit);
  };
}

/** For what `run` does at once; errors that it makes later have theirs. */
export function withoutStackTraces<T>(run: () => T): T {
  const resumeStackTraces = suspendStackTraces();
  try {
    return run();
  } finally {
    resumeStackTraces();
  }
}

/** Where the intrinsics are frozen, the limit stays as it is. */
function limit(frames: number): void {
  Reflect.set(Error, 'stackTraceLimit', frames);
}
