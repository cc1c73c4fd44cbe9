/**
 * Hides the console warnings of oidc-provider, and only those, while `work` runs. It warns that
 * Node 20 is old, and that tokens should not be stored in memory. Neither matters for this sample.
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
