/**
 * A text as a URL; nothing where it is none. Not by `URL.canParse`, which, once the engine has optimized
 * it, is wrong about hosts with Latin-1 characters (Node 20 and 22).
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
