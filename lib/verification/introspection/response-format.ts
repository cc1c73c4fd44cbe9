import { parseObject } from '../../authorization-server/fetching/fetch-json.js';
import type { FetchedText } from '../../authorization-server/fetching/fetch-text.js';
import type { Claims } from '../../token/claims-policy.js';
import type { TokenVerificationContext } from '../../token/token-verifier.js';

/** The resource for which a token is introspected. It decides which signed responses are accepted. */
export type IntrospectingResource = Pick<
  TokenVerificationContext,
  'resource' | 'audiences' | 'jwt'
>;

/** A format of introspection responses. */
export interface ResponseFormat {
  /** The media type that the request asks for. */
  readonly mediaType: string;
  /**
   * Returns the members of a response.
   *
   * @throws AuthorizationServerError if the response must not be used
   */
  read(
    endpoint: string,
    answer: FetchedText,
    resource: IntrospectingResource,
  ): Claims | Promise<Claims>;
}

/**
 * The JSON of RFC 7662. It is not signed. It is trusted because it came over TLS, or over an `http:` connection
 * that the options accept.
 */
export const PLAIN_JSON: ResponseFormat = {
  mediaType: 'application/json',
  read: (endpoint, { text }) => parseObject(endpoint, text),
};
