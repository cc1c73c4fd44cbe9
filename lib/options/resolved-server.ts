import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { AuthorizationServerSettings, issuerOf } from './authorization-server.options.js';
import { expandServer } from './authorization-server-resolver.js';
import { validateOptions } from './validation/validate-options.js';

/**
 * What a resolver answered, validated like options; nothing where it knows no such issuer.
 *
 * @throws McpAuthConfigurationError that does not name the issuer, which is a stranger's claim
 */
export function resolvedServer(
  answer: unknown,
  issuer: string,
  whose: string,
): AuthorizationServerSettings | undefined {
  if (answer === undefined) {
    return undefined;
  }
  const settings = validateOptions(AuthorizationServerSettings, expandServer(answer), whose);
  if (issuerOf(settings) !== issuer) {
    throw new McpAuthConfigurationError(
      `${whose} are of another issuer than the one that was asked for; return undefined for one that is not trusted.`,
    );
  }
  return settings;
}
