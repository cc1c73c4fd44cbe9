import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { AuthorizationServerSettings, tokenIssuersOf } from './authorization-server.options.js';
import { expandServer } from './authorization-server-resolver.js';
import { validateOptions } from './validation/validate-options.js';

/**
 * Validates the result of a resolver like options. Returns `undefined` if the issuer is not trusted.
 * The server then vouches only for tokens of this issuer, even if the result names more: the resolver did not
 * decide about those.
 *
 * @throws McpAuthConfigurationError without the issuer in its message, because an untrusted client chose it
 */
export function resolvedServer(
  answer: unknown,
  issuer: string,
  label: string,
): AuthorizationServerSettings | undefined {
  if (answer === undefined) {
    return undefined;
  }
  const settings = validateOptions(AuthorizationServerSettings, expandServer(answer), label);
  if (!tokenIssuersOf(settings).includes(issuer)) {
    throw new McpAuthConfigurationError(
      `${label} have another issuer than the one asked for; return undefined for an issuer that is not trusted.`,
    );
  }
  settings.tokenIssuer = issuer;
  return settings;
}
