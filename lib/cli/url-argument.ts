import { secureUrlProblem } from '../url/secure-url.js';
import { UsageError } from './command.js';

/**
 * Returns the only argument of a command, which must be a URL.
 *
 * @param name - the name of the argument in the usage
 * @throws UsageError if there is none or more than one, or if it is not a URL
 */
export function urlArgument(name: string, [url, ...others]: readonly string[]): string {
  if (url === undefined || others.length > 0) {
    throw new UsageError(`needs one ${name}`);
  }
  const problem = secureUrlProblem(url, true);
  if (problem !== undefined) {
    throw new UsageError(`${name} ${problem}`);
  }
  return url;
}
