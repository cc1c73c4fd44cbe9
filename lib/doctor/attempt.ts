import { AuthorizationServerError } from '../errors/authorization-server.error.js';
import { problem, type Finding } from './finding.js';
import { UnreachableError } from './unreachable.js';

/** Returns the findings of a check. If its request gets no usable answer, the finding is a problem. */
export async function attempt(
  check: string,
  find: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof UnreachableError || error instanceof AuthorizationServerError) {
      return [problem(check, error.message, 'Let the URL answer, or name another URL.')];
    }
    throw error;
  }
}
