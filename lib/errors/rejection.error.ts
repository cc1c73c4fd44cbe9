import { McpAuthError } from './mcp-auth.error.js';
import { suspendStackTraces } from './stack-traces.js';

/**
 * The base of the errors by which a request is rejected. They have no stack trace: taking one is most of what
 * a rejection costs, and a flood of bad tokens must not cost more than good ones.
 */
export abstract class RejectionError extends McpAuthError {
  constructor(message: string, options?: ErrorOptions) {
    const resumeStackTraces = suspendStackTraces();
    super(message, options);
    resumeStackTraces();
  }
}
