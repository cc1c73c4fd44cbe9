import type { IncomingHttpHeaders } from 'node:http';

const MINUTE = 60_000;
const MIN_LIFETIME = MINUTE;
const MAX_LIFETIME = 24 * 60 * MINUTE;
/** The lifetime if the server states no lifetime. */
const DEFAULT_LIFETIME = 10 * MINUTE;

/** A directive with its argument, a token or a quoted string (RFC 9111, section 5.2). */
const DIRECTIVE = /([^\s,=";]+)(?:=("(?:\\.|[^"\\])*"|[^\s,";]*))?/g;

/**
 * Returns the lifetime of a document in milliseconds: `max-age` minus
 * `Age`, but at least a minute and at most 24 hours.
 *
 * This is a private cache, so `s-maxage` does not apply. `Expires` is not read. If reuse is forbidden or
 * `max-age` cannot be understood, the minimum applies. Without it, the keys would be fetched for every
 * token, and that load could cause an outage.
 */
export function documentLifetime(headers: IncomingHttpHeaders): number {
  const lifetime = statedLifetime(headers['cache-control'] ?? '') ?? DEFAULT_LIFETIME;
  const left = lifetime - (seconds(headers.age) ?? 0);
  return Math.min(MAX_LIFETIME, Math.max(MIN_LIFETIME, left));
}

function statedLifetime(cacheControl: string): number | undefined {
  const stated: number[] = [];
  for (const [, name = '', argument] of cacheControl.matchAll(DIRECTIVE)) {
    if (/^no-(store|cache)$/i.test(name)) {
      return 0;
    }
    if (/^max-age$/i.test(name)) {
      stated.push(seconds(argument?.replace(/^"(.*)"$/, '$1')) ?? 0);
    }
  }
  return stated.length === 0 ? undefined : Math.min(...stated);
}

/** Reads delta-seconds (RFC 9111, section 1.2.2). Returns milliseconds. */
function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) * 1000 : undefined;
}
