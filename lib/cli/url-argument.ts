import { secureUrlProblem } from '../url/secure-url.js';
import { UsageError } from './command.js';

/**
 * Returns the only argument of a command, which must be a URL.
 *
 * @param name - the name of the argument in the usage
 * @throws UsageError if there is no argument or more than one, or if the argument is not a valid URL
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
