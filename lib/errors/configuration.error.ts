import { McpAuthError } from './mcp-auth.error.js';

/**
 * An error for a mistake of the application, such as an invalid option or decorator, or a function with an
 * invalid result. At start-up, it stops the start. During a request, it becomes a 500 if nothing catches it.
 *
 * The message says where the mistake is, and what to correct.
 */
export class McpAuthConfigurationError extends McpAuthError {
  readonly code = 'invalid_configuration';
}
