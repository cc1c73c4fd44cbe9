/**
 * Returns the system's code in an error, such as `ECONNREFUSED`, `ENOTFOUND` or `CERT_HAS_EXPIRED`. `fetch`
 * puts the code into the cause of its error.
 */
export function systemCodeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  return [cause?.code, code].find((given) => typeof given === 'string');
}
