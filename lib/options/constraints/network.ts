import { parseUrl } from '../../url/parse-url.js';
import { constraint } from '../validation/constraint.js';

/** Checks for the URL of a forward proxy, or `'environment'` to read it from environment variables. */
export const IsProxy = constraint('isProxy', (value) => {
  const url = typeof value === 'string' ? parseUrl(value) : undefined;
  return value === 'environment' || ['http:', 'https:'].includes(url?.protocol ?? '')
    ? undefined
    : "must be 'environment', or the http: or https: URL of a proxy";
});
