import type { AuthorizationServerMetadataService } from '../../authorization-server/metadata/authorization-server-metadata.service.js';
import type { ConfiguredAuthorizationServer } from '../../authorization-server/authorization-server-registry.js';
import { CALM, OutageLog } from '../../log/outage-log.js';
import { fetchText, type FetchBounds } from '../../authorization-server/fetching/fetch-text.js';
import {
  AuthorizationServerUnavailableError,
  InvalidAuthorizationServerMetadataError,
  IntrospectionFailedError,
} from '../../errors/authorization-server.error.js';
import { messageOf } from '../../errors/to-error.js';
import { introspectionEndpoint, tlsProblem } from '../../options/introspection-endpoint.js';
import type { IntrospectionOptions } from '../../options/introspection.options.js';
import { secureUrlProblem } from '../../url/secure-url.js';
import type { Claims } from '../../token/claims-policy.js';
import type { IntrospectingResource, ResponseFormat } from './response-format.js';
import { introspectionCredentials, type MakeCredentials } from './introspection-credentials.js';

/**
 * The largest accepted response, in bytes. Its claims are cached with the token. The limit is four times
 * the greatest length of a token.
 */
const MAX_BYTES = 64 * 1024;
const DEFAULT_MAX_CONCURRENT = 100;
const ONLY_THIS_SERVER_KNOWS = 'Requests with a token that only this server knows get 503.';

/** The members of an introspection response, and its text. */
export interface IntrospectionResponse {
  readonly value: Claims;
  readonly text: string;
}

/** Asks one authorization server about tokens (RFC 7662, section 2). */
export class IntrospectionClient {
  private readonly outages: OutageLog;
  private readonly makeCredentials: MakeCredentials;
  private readonly bounds: FetchBounds;
  private inFlight = 0;

  /** @throws McpAuthConfigurationError if the certificate of the client cannot be presented */
  constructor(
    readonly options: IntrospectionOptions,
    private readonly server: ConfiguredAuthorizationServer,
    private readonly metadata: AuthorizationServerMetadataService,
    private readonly format: ResponseFormat,
  ) {
    this.outages = new OutageLog(
      `Introspection by the authorization server ${server.issuer} works again.`,
      CALM,
    );
    this.makeCredentials = introspectionCredentials(server, options);
    const { issuer, bounds } = server;
    const { tlsClientAuth } = options;
    const whose = `introspection.tlsClientAuth of the authorization server ${issuer}`;
    const client = tlsClientAuth && bounds.client.presenting(tlsClientAuth, whose);
    this.bounds = { ...bounds, maxBytes: MAX_BYTES, ...(client && { client }) };
  }

  get issuer(): string {
    return this.server.issuer;
  }

  get tokenIssuers(): readonly string[] {
    return this.server.tokenIssuers;
  }

  /** @throws McpAuthConfigurationError if the client's key cannot sign */
  async assertKeySigns(): Promise<void> {
    if (this.options.privateKeyJwt !== undefined) {
      await this.makeCredentials();
    }
  }

  /** Returns whether the keys of the server are known, so that its JWTs can be verified without introspection. */
  async publishesKeys(): Promise<boolean> {
    return (
      this.server.keys !== undefined ||
      (await this.metadata.documentOf(this.server).get()).jwksUri !== undefined
    );
  }

  /**
   * Returns the URL of the introspection endpoint.
   *
   * @throws AuthorizationServerError if the URL is not known or not secure, or if the metadata cannot be fetched
   */
  async endpoint(): Promise<string> {
    const { endpoint } = this.options;
    const metadata =
      endpoint === undefined ? await this.metadata.documentOf(this.server).get() : undefined;
    const { url, from } = introspectionEndpoint(this.options, metadata);
    const problem =
      url === undefined
        ? 'is missing; set introspection.endpoint'
        : (tlsProblem(this.options, url) ??
          secureUrlProblem(url, this.server.options.allowInsecureRequests));
    if (typeof url !== 'string' || problem !== undefined) {
      throw new InvalidAuthorizationServerMetadataError(
        `The metadata of the authorization server ${this.issuer} has no usable introspection endpoint: "${from}" ${problem ?? ''}.`,
      );
    }
    return url;
  }

  /**
   * Returns the server's response about a token.
   *
   * @param resource - the resource that the token is presented to
   * @throws AuthorizationServerError if the server does not say whether the token is active, or if
   * `introspection.maxConcurrent` requests to the server are in flight
   */
  async introspect(token: string, resource: IntrospectingResource): Promise<IntrospectionResponse> {
    const { maxConcurrent = DEFAULT_MAX_CONCURRENT } = this.options;
    try {
      if (this.inFlight >= maxConcurrent) {
        throw new AuthorizationServerUnavailableError(
          `${maxConcurrent} requests are in flight (introspection.maxConcurrent).`,
          1,
        );
      }
      this.inFlight++;
      const response = await this.ask(token, resource).finally(() => this.inFlight--);
      this.outages.succeeded();
      return response;
    } catch (error) {
      const failure = this.explained(error);
      if (this.bounds.closing?.aborted !== true) {
        this.outages.failed(messageOf(failure), ONLY_THIS_SERVER_KNOWS);
      }
      throw failure;
    }
  }

  private async ask(
    token: string,
    resource: IntrospectingResource,
  ): Promise<IntrospectionResponse> {
    const endpoint = await this.endpoint();
    const { headers, parameters } = await this.makeCredentials();
    const body = new URLSearchParams({ token, token_type_hint: 'access_token', ...parameters });
    const answer = await fetchText(endpoint, this.bounds, {
      headers: { accept: this.format.mediaType, ...headers },
      body: body.toString(),
    });
    const value = await this.format.read(endpoint, answer, resource);
    if (typeof value.active !== 'boolean') {
      throw new InvalidAuthorizationServerMetadataError(
        `${endpoint} answered without a boolean "active".`,
      );
    }
    return { value, text: answer.text };
  }

  /** Returns an error that names the server and tells the operator what to check. */
  private explained(error: unknown): unknown {
    const what = `Introspection by the authorization server ${this.issuer} failed:`;
    const credentials =
      this.options.bearerToken === undefined
        ? 'clientId, its secret, key or certificate,'
        : 'bearerToken';
    if (error instanceof AuthorizationServerUnavailableError) {
      return new AuthorizationServerUnavailableError(`${what} ${error.message}`, error.retryAfter, {
        cause: error,
      });
    }
    return error instanceof InvalidAuthorizationServerMetadataError
      ? new IntrospectionFailedError(
          `${what} ${error.message} Check introspection.${credentials} and the endpoint.`,
          { cause: error },
        )
      : error;
  }
}
