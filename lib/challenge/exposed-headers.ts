import type { AbstractHttpAdapter } from '@nestjs/core';
import type { ResponseHeaders } from './bearer-auth.exception.js';

export const EXPOSE_HEADERS = 'Access-Control-Expose-Headers';

/** Sets header fields, and lets scripts of other origins read them. Does nothing if there is no response. */
export function setExposedHeaders(
  adapter: AbstractHttpAdapter,
  response: unknown,
  headers: ResponseHeaders,
): void {
  if (response === undefined || Object.keys(headers).length === 0) {
    return;
  }
  for (const [name, value] of Object.entries(headers)) {
    adapter.setHeader(response, name, value);
  }
  const exposed: unknown = adapter.getHeader(response, EXPOSE_HEADERS);
  const names = [...listOf(exposed), ...Object.keys(headers)];
  const unique = new Map(names.map((name) => [name.toLowerCase(), name]));
  adapter.setHeader(response, EXPOSE_HEADERS, [...unique.values()].join(', '));
}

function listOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : '';
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
