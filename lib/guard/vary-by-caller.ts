import type { AbstractHttpAdapter } from '@nestjs/core';
import { withFieldNames } from '../challenge/field-names.js';
import type { ProxyAssertionPolicy } from '../protected-resource/protected-resource.js';
import { rawResponse } from '../transport/raw-exchange.js';

/**
 * Tells caches that a response depends on who is calling (RFC 9110, section 12.5.5). Caches know that a response
 * depends on `Authorization`, but not that it depends on the header field of a proxy. The names that `Vary`
 * already has are kept.
 */
export function varyByCaller(
  { header }: ProxyAssertionPolicy,
  adapter: AbstractHttpAdapter,
  response: unknown,
): void {
  const raw = response === undefined ? undefined : rawResponse(adapter, response);
  if (raw === undefined || raw.headersSent) {
    return;
  }
  // On Fastify, middleware writes to Node's own response, and a handler may also write to it.
  const given = [raw.getHeader('Vary'), adapter.getHeader(response, 'Vary') as unknown];
  const value = withFieldNames(given, [header, 'Authorization']);
  adapter.setHeader(response, 'Vary', value);
  raw.setHeader('Vary', value);
}
