import { McpAuthError } from './mcp-auth.error.js';
import { suspendStackTraces } from './stack-traces.js';

/**
 * The base class of the errors for which the request is to blame, not a server. They have no stack trace.
 * Capturing a stack trace is most of the cost of a rejection, and a flood of bad tokens must not cost more
 * than good tokens.
 */
export abstract class RejectionError extends McpAuthError {
  constructor(message: string, options?: ErrorOptions) {
    const resumeStackTraces = suspendStackTraces();
    super(message, options);
    resumeStackTraces();
  }
}
