import { McpAuthError } from './mcp-auth.error.js';

/**
 * An error for invalid options of the module, or invalid decorators on a handler. The application does
 * not start.
 *
 * The message names the path of the option or the handler, the given value, and the remedy.
 */
export class McpAuthConfigurationError extends McpAuthError {
  readonly code = 'invalid_configuration';
}
