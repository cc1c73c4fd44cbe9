/**
 * Parses a URL. Returns `undefined` if the text is not a URL. It does not use `URL.canParse`: after V8 has
 * optimized that function, its result for hosts with Latin-1 characters is wrong (Node 20 and 22).
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
