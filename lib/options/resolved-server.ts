import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { AuthorizationServerSettings, tokenIssuersOf } from './authorization-server.options.js';
import { expandServer } from './authorization-server-resolver.js';
import { validateOptions } from './validation/validate-options.js';

/**
 * Validates the options that a resolver returned. Returns `undefined` if the issuer is not trusted. The returned server
 * is trusted only for tokens of this issuer, even if the resolver's options name more issuers: the resolver was not
 * asked about the other issuers.
 *
 * @throws McpAuthConfigurationError if the options are not valid, or are those of another issuer. Its message
 * does not contain the issuer, because an untrusted client chose it
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
      `${label} have another issuer than the resolver was asked about; return options whose tokenIssuer (or issuer, if there is no tokenIssuer) is the "issuer" argument, or undefined if that issuer is not trusted.`,
    );
  }
  settings.tokenIssuer = issuer;
  return settings;
}
