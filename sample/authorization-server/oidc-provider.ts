/**
 * oidc-provider tells its operator on the console that Node 20 is old and that memory is no place
 * for tokens. Both are true and neither matters here, so its own notices, and only those, are
 * held back while `work` runs.
 */
export async function quietly<T>(work: () => T | Promise<T>): Promise<T> {
  const warn = console.warn;
  console.warn = (...args: unknown[]) => {
    if (!String(args[0]).includes('oidc-provider WARNING')) warn(...args);
  };
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

export const { Provider, errors } = await quietly(() => import('oidc-provider'));
