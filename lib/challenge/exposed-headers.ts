import type { AbstractHttpAdapter } from '@nestjs/core';
import type { ResponseHeaders } from './bearer-auth.exception.js';
import { withFieldNames } from './field-names.js';

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
  adapter.setHeader(response, EXPOSE_HEADERS, withFieldNames(exposed, Object.keys(headers)));
}
