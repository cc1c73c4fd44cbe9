import { McpAuthError } from './mcp-auth.error.js';

/**
 * The module's options, or the decorators on a handler, cannot be right: the app does not start.
 *
 * The message names the option's path or the handler, what was seen there, and the remedy.
 */
export class McpAuthConfigurationError extends McpAuthError {
  readonly code = 'invalid_configuration';
}
