import type {
  AuthorizationServerRegistry,
  ConfiguredAuthorizationServer,
} from '../../authorization-server/authorization-server-registry.js';
import type { FetchedText } from '../../authorization-server/fetching/fetch-text.js';
import type { JwkSetService } from '../../authorization-server/jwk-set/jwk-set.service.js';
import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { assertClaims } from '../../token/claim-checks.js';
import type { Claims } from '../../token/claims-policy.js';
import { isJsonObject } from '../../token/json-object.js';
import type { JwtPolicy } from '../../token/jwt-policy.js';
import type { VerifiedToken } from '../../token/token-verifier.js';
import { SigningKeyLookup } from '../jwt/signing-key-lookup.js';
import { verifyWithPublishedKey } from '../jwt/verify-with-published-key.js';
import type { IntrospectingResource, ResponseFormat } from './response-format.js';

const TYPE = 'token-introspection+jwt';

/**
 * The greatest age of a response, in seconds. The server creates each response for one request. An older response may
 * be a replay.
 */
const MAX_AGE = 60;

/**
 * Verifies signed introspection responses of one authorization server (RFC 9701, section 5).
 *
 * Only the members of `token_introspection` are about the introspected token. A response does **not** say which token
 * was introspected. Whoever can replace responses can answer with a fresh response about another token.
 */
export class SignedResponses implements ResponseFormat {
  readonly mediaType = `application/${TYPE}`;

  constructor(
    /** The client id of this application, if its requests are authorized as those of a client. */
    private readonly clientId: string | undefined,
    private readonly server: ConfiguredAuthorizationServer,
    private readonly servers: AuthorizationServerRegistry,
    private readonly jwkSets: JwkSetService,
  ) {}

  async read(
    endpoint: string,
    { mediaType, text }: FetchedText,
    resource: IntrospectingResource,
  ): Promise<Claims> {
    if (mediaType !== this.mediaType) {
      throw unusable(
        endpoint,
        `${mediaType || 'no media type'} instead of ${this.mediaType}, which introspection.signedResponse requires`,
      );
    }
    if (text.split('.', 6).length === 5) {
      throw unusable(endpoint, 'an encrypted JWT, which is not supported');
    }
    try {
      return await this.verified(text, resource);
    } catch (error) {
      throw error instanceof InvalidTokenError
        ? unusable(endpoint, `a JWT that is not accepted: ${reasonOf(error)}`, error)
        : error;
    }
  }

  /** @throws InvalidTokenError if the response is not genuine, or not meant for this application now */
  private async verified(response: string, resource: IntrospectingResource): Promise<Claims> {
    const { issuer } = this.server;
    const jwt: JwtPolicy = {
      ...resource.jwt,
      typ: [TYPE],
      requiredClaims: ['aud', 'iat', 'token_introspection'],
      maxTokenAge: MAX_AGE,
    };
    const issuers = [issuer];
    const context = { issuers, servers: new Map([[issuer, this.server]]), jwt };
    const lookup = new SigningKeyLookup(response, context, this.servers, this.jwkSets);
    const { claims } = await verifyWithPublishedKey(response, lookup, context, this.jwkSets);
    const { iss, aud, exp, token_introspection: members } = claims;
    const verified = { issuer: iss, audience: aud, expiresAt: exp } as VerifiedToken;
    assertClaims({ verified, claims }, { issuers, audiences: this.namesOf(resource), jwt });
    if (!isJsonObject(members)) {
      throw new InvalidTokenError('claim', {
        mismatch: { claim: 'token_introspection', problem: 'malformed' },
      });
    }
    return members;
  }

  /** Returns the names by which the server may know this application as a resource server. */
  private namesOf({ resource, audiences = [] }: IntrospectingResource): string[] {
    return [...new Set([this.clientId ?? resource, resource, ...audiences])];
  }
}

/** Describes the failed check for the operator. */
function reasonOf({ reason, mismatch }: InvalidTokenError): string {
  if (mismatch === undefined) {
    return reason;
  }
  const { claim, problem, expected, received } = mismatch;
  const wanted = expected === undefined ? '' : `, expected ${expected.join(', ')}`;
  return `${reason} ("${claim}" is ${received?.join(', ') ?? problem}${wanted})`;
}

function unusable(
  endpoint: string,
  what: string,
  cause?: unknown,
): InvalidAuthorizationServerMetadataError {
  return new InvalidAuthorizationServerMetadataError(`${endpoint} answered ${what}.`, { cause });
}
