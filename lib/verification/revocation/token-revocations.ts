import { Injectable } from '@nestjs/common';
import { AuthorizationServerRegistry } from '../../authorization-server/authorization-server-registry.js';
import type { AuthInfo } from '../../auth-info/auth-info.js';
import { McpAuthEvents } from '../../events/mcp-auth-events.js';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { McpAuthModuleSettings } from '../../options/mcp-auth-module.options.js';
import { ProtectedResourceRegistry } from '../../protected-resource/protected-resource-registry.js';
import { assertIdentifier, assertRevocable, assertTime } from './revocation-arguments.js';
import { ownTokenKey } from './revocation-grounds.js';
import { subjectKey, jtiKey } from './revocation-store-keys.js';
import { namedIssuers } from '../named-issuers.js';
import { RevocationList } from './revocation-list.js';

/** The default of {@link RevocationOptions.maxTokenLifetime}, in seconds: 24 hours. */
const DEFAULT_MAX_TOKEN_LIFETIME = 86_400;
/**
 * The seconds for which an entry is stored after the token has expired: the greatest `clockTolerance` there can be.
 */
const MARGIN = 600;

/** The arguments of {@link TokenRevocations.revokeToken}. */
export interface RevokedToken {
  /** The issuer of the token (`iss`). A `jti` is unique only with its issuer (RFC 7519, section 4.1.7). */
  issuer: string;
  /** The identifier of the token (`jti`). Revoke a token without `jti` by {@link TokenRevocations.revoke}. */
  jti: string;
  /**
   * The time at which the token expires, in seconds since the epoch (`exp`).
   *
   * @defaultValue `revocation.maxTokenLifetime` from now
   */
  expiresAt?: number;
}

/** The arguments of {@link TokenRevocations.revokeSubject}. */
export interface RevokedSubject {
  /** The issuer of the tokens (`iss`). A subject is unique only with its issuer. */
  issuer: string;
  /** The subject, as in `AuthInfo` (`sub`). */
  subject: string;
  /**
   * Revokes only tokens that were issued before this time (`iat`), in seconds since the epoch. A token
   * without `iat` counts as issued before.
   *
   * @defaultValue now, plus the greatest `jwt.clockTolerance` of all resources, since the clock of the
   * authorization server may be ahead: a token that is issued within these seconds is rejected too
   */
  issuedBefore?: number;
}

/**
 * Revokes access tokens before they expire. From the next request on they are rejected with 401, `invalid_token`,
 * whether they are cached (`tokenCache`) or not, and however they are verified. With a `store` that all instances of
 * the application share, all instances reject the token. Without such a store, only this instance rejects it, until the
 * process ends.
 *
 * It does **not** tell the authorization server, which still issues tokens to the same client and subject.
 * It does **not** stop a response that is in progress.
 */
@Injectable()
export class TokenRevocations {
  private readonly maxTokenLifetime: number | undefined;

  /** @internal */
  constructor(
    { revocation = {} }: McpAuthModuleSettings,
    private readonly servers: AuthorizationServerRegistry,
    private readonly resources: ProtectedResourceRegistry,
    private readonly list: RevocationList,
    private readonly events: McpAuthEvents,
  ) {
    this.maxTokenLifetime =
      revocation === false
        ? undefined
        : (revocation.maxTokenLifetime ?? DEFAULT_MAX_TOKEN_LIFETIME);
  }

  /**
   * Revokes the token of a caller, for example when a user logs out: by the token's `jti`, or by a hash of the token if
   * it has no `jti`. The revocation is stored until the token has expired. A token that never expires is accepted again
   * after `revocation.maxTokenLifetime`.
   *
   * It does **not** revoke other tokens of the same subject or session: see {@link revokeSubject}.
   *
   * @param caller - the value of `@AuthInfo()`, or the injected `AuthInfo`
   * @throws McpAuthConfigurationError if `caller` is not the caller of an authenticated request, no resource
   * trusts the issuer, or revocation is switched off
   * @throws StateStoreUnavailableError if the store could not be written: the token may still be accepted
   */
  async revoke(caller: AuthInfo): Promise<void> {
    const longest = Date.now() / 1000 + this.lifetime();
    assertRevocable(caller);
    const { issuer, token, claims, expiresAt: end = longest } = caller;
    this.assertIssuer(issuer);
    assertTime('expiresAt', end);
    await this.put(ownTokenKey({ issuer, token, claims }), end, end);
    this.events.publish('revoked', () => ({ issuer, subject: undefined }));
  }

  /**
   * Revokes one token. The revocation is stored until the token has expired. If the token never expires, or
   * only after `expiresAt`, it is accepted again after `expiresAt`.
   *
   * @throws McpAuthConfigurationError if no resource trusts the issuer, an argument is malformed, or
   * revocation is switched off
   * @throws StateStoreUnavailableError if the store could not be written: the token may still be accepted
   */
  async revokeToken({ issuer, jti, expiresAt }: RevokedToken): Promise<void> {
    const longest = Date.now() / 1000 + this.lifetime();
    const end = expiresAt ?? longest;
    this.assertIssuer(issuer);
    assertIdentifier('jti', jti, '; to revoke a token without a jti, call revoke(authInfo)');
    assertTime('expiresAt', end);
    await this.put(jtiKey(issuer, jti), end, end);
    this.events.publish('revoked', () => ({ issuer, subject: undefined }));
  }

  /**
   * Revokes all tokens of a subject that were issued before a time. The revocation is stored for
   * `revocation.maxTokenLifetime` from that time. A token that lives longer is accepted again afterwards.
   * An earlier time does not replace a later one, unless both are written at the same moment.
   *
   * @throws McpAuthConfigurationError if no resource trusts the issuer, an argument is malformed, or
   * revocation is switched off
   * @throws StateStoreUnavailableError if the store could not be written: the tokens may still be accepted
   */
  async revokeSubject({ issuer, subject, issuedBefore }: RevokedSubject): Promise<void> {
    const lifetime = this.lifetime();
    const time = issuedBefore ?? Date.now() / 1000 + this.clockTolerance();
    this.assertIssuer(issuer);
    assertIdentifier('subject', subject);
    assertTime('issuedBefore', time);
    await this.put(subjectKey(issuer, subject), time, time + lifetime);
    this.events.publish('revoked', () => ({ issuer, subject }));
  }

  /**
   * Writes a time, unless the store has the same or a later time, or the entry would be out of date at once. The check
   * and the write are not one atomic step. They need not be: calls that revoke the same token or subject at the same
   * moment usually write the same time, or times that are milliseconds apart.
   */
  private async put(key: string, time: number, end: number): Promise<void> {
    const seconds = end + MARGIN - Date.now() / 1000;
    const isCovered = Number(await this.list.get(key)) >= time;
    if (seconds > 0 && !isCovered) {
      await this.list.put(key, String(time), seconds);
    }
  }

  private lifetime(): number {
    if (this.maxTokenLifetime === undefined) {
      throw new McpAuthConfigurationError(
        'No token can be revoked with revocation: false; leave that option of McpAuthModule out.',
      );
    }
    return this.maxTokenLifetime;
  }

  /**
   * Checks the issuer, since a revocation with a misspelt issuer would revoke nothing. With a resolver or with tenants,
   * any issuer may be right.
   */
  private assertIssuer(issuer: string): void {
    if (this.servers.acceptsUnnamed) {
      assertIdentifier('issuer', issuer);
      return;
    }
    const trusted = this.resources.all.flatMap(namedIssuers);
    if (!trusted.includes(issuer)) {
      throw new McpAuthConfigurationError(
        `No protected resource accepts tokens of the issuer "${issuer}", so no token of this issuer can be revoked. Accepted issuers: ${[...new Set(trusted)].join(', ')}.`,
      );
    }
  }

  private clockTolerance(): number {
    return Math.max(...this.resources.all.map(({ jwt }) => jwt.clockTolerance));
  }
}
