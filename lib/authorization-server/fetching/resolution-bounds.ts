import type { ResolutionsOptions } from '../../async/resolutions.js';
import type { McpAuthModuleSettings } from '../../options/mcp-auth-module.options.js';
import { FailureLog } from '../../log/failure-log.js';
import { DEFAULT_FETCH_TIMEOUT } from './fetch-text.js';

const DEFAULT_MAX = 1000;
/** The default lifetime of a result, in seconds. */
const DEFAULT_TTL = 60;

/**
 * Returns the bounds of the cache for the results of the application's lookup functions, as the options say.
 */
export function resolutionBounds({
  tenantCache: { max = DEFAULT_MAX, ttl = DEFAULT_TTL } = {},
  fetchTimeout: timeout = DEFAULT_FETCH_TIMEOUT,
}: McpAuthModuleSettings): Pick<
  ResolutionsOptions<never, never, never>,
  'max' | 'ttl' | 'timeout' | 'onUnavailable'
> {
  const failures = new FailureLog();
  const onUnavailable = (error: Error) => {
    failures.report(error);
  };
  return { max, ttl: ttl * 1000, timeout, onUnavailable };
}
