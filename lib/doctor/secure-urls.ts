import { isLoopback } from '../url/loopback.js';
import { parseUrl } from '../url/parse-url.js';
import { ok, problem, type Finding } from './finding.js';

/** Checks that URLs use `https:`. On loopback, `http:` is also right. */
export function secureUrls(urls: readonly string[]): Finding {
  const insecure = urls.filter((url) => !isSecure(parseUrl(url)));
  return insecure.length === 0
    ? ok('https', 'All URLs use https:, or http: on loopback.')
    : problem(
        'https',
        `These URLs are not secure: ${insecure.join(', ')}.`,
        'Serve them over https:. With http:, anyone on the way can read the tokens, and MCP clients refuse these URLs.',
      );
}

/** Returns `true` if a token may be sent to this URL. */
export function isSecure(url: URL | undefined): boolean {
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
}
