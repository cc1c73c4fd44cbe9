import { McpAuthError } from './mcp-auth.error.js';

/**
 * An error for a mistake of the application, such as an invalid option or decorator, or a function with an
 * invalid result. At start-up, the application does not start. During a request, the guard answers 500.
 *
 * The message says where the mistake is, and what to correct.
 */
export class McpAuthConfigurationError extends McpAuthError {
  readonly code = 'invalid_configuration';
}
