/**
 * Parses a URL. Returns `undefined` if the text is not one. It does not use `URL.canParse`: once the
 * engine has optimized that, it is wrong about hosts with Latin-1 characters (Node 20 and 22).
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
