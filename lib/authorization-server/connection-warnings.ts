import type {
  DiscoveredAuthorizationServer,
  KnownAuthorizationServer,
} from '../options/authorization-server.options.js';
import { isLoopback } from '../url/loopback.js';

/** Returns the warnings at start-up about how an authorization server is reached. */
export function connectionWarnings(
  issuer: string,
  options: DiscoveredAuthorizationServer | KnownAuthorizationServer,
  environment: string | undefined,
): string[] {
  const warnings: string[] = [];
  if (options.allowInsecureRequests) {
    warnings.push(
      `Keys of the authorization server ${issuer} may be fetched over http: (allowInsecureRequests): anyone who can change them in transit can make tokens that are accepted.`,
    );
  }
  if (options.allowInsecureRequests && options.introspection) {
    warnings.push(
      `Tokens may be sent to the authorization server ${issuer} over http: (introspection with allowInsecureRequests): anyone who can read them in transit can use them.`,
    );
  }
  if (options.allowPrivateNetwork) {
    warnings.push(
      `The metadata, the keys and the introspection endpoint of the authorization server ${issuer} are allowed to be at an address on a private network or on this machine, even if the issuer is not (allowPrivateNetwork).`,
    );
  }
  const url = new URL(issuer);
  if (environment === 'production' && (url.protocol === 'http:' || isLoopback(url))) {
    warnings.push(
      `The authorization server ${issuer} is for development: in production (NODE_ENV) an issuer has an https: URL that clients can reach.`,
    );
  }
  return warnings;
}
