import { Injectable } from '@nestjs/common';
import { AuthorizationServerRegistry } from '../../authorization-server/authorization-server-registry.js';
import type { AuthInfo } from '../../auth-info/auth-info.js';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { McpAuthModuleSettings } from '../../options/mcp-auth-module.options.js';
import { ProtectedResourceRegistry } from '../../protected-resource/protected-resource-registry.js';
import { assertIdentifier, assertRevocable, assertTime } from './revocation-arguments.js';
import { ownTokenKey } from './revocation-grounds.js';
import { subjectKey, jtiKey } from './revocation-store-keys.js';
import { RevocationList } from './revocation-list.js';

/** Seconds: 24 hours. */
const DEFAULT_MAX_TOKEN_LIFETIME = 86_400;
/** Seconds that an entry is kept beyond the token: the greatest `clockTolerance` there can be. */
const MARGIN = 600;

/** One access token, to {@link TokenRevocations.revokeToken}. */
export interface RevokedToken {
  /** Who issued it (`iss`): a `jti` is unique with its issuer only (RFC 7519, section 4.1.7). */
  issuer: string;
  /** Its identifier (`jti`). A token without one is revoked by {@link TokenRevocations.revoke}. */
  jti: string;
  /**
   * When it expires, in seconds since the epoch (`exp`).
   *
   * @defaultValue `revocation.maxTokenLifetime` from now
   */
  expiresAt?: number;
}

/** A subject, to {@link TokenRevocations.revokeSubject}. */
export interface RevokedSubject {
  /** Who issued its tokens (`iss`): a subject is unique with its issuer only. */
  issuer: string;
  /** The subject, as `AuthInfo` has it (`sub`). */
  subject: string;
  /**
   * Only tokens that were issued before (`iat`), in seconds since the epoch. One without `iat` counts as
   * issued before.
   *
   * @defaultValue now and, since the clock of the authorization server may be ahead, the greatest
   * `jwt.clockTolerance` of all resources later: a token issued within these seconds is refused too
   */
  issuedBefore?: number;
}

/**
 * Refuses access tokens before they expire: with 401, `invalid_token`, from the next request on, whether
 * they are kept in memory (`tokenCache`) or not, and however they are verified. With a `store` that the
 * instances of the application share, on all of them; without, on this one, until it ends.
 *
 * It does not tell the authorization server, which goes on to issue tokens to the same client and
 * subject, and it does not cut off an answer that is under way.
 */
@Injectable()
export class TokenRevocations {
  private readonly maxTokenLifetime: number | undefined;

  constructor(
    { revocation = {} }: McpAuthModuleSettings,
    private readonly servers: AuthorizationServerRegistry,
    private readonly resources: ProtectedResourceRegistry,
    private readonly list: RevocationList,
  ) {
    this.maxTokenLifetime =
      revocation === false
        ? undefined
        : (revocation.maxTokenLifetime ?? DEFAULT_MAX_TOKEN_LIFETIME);
  }

  /**
   * Refuses the token of a caller, such as the one that logs out: by its `jti`, or by a hash of the token
   * where it has none. It is remembered until the token has expired. One that never expires is accepted
   * again after `revocation.maxTokenLifetime`.
   *
   * It does not revoke other tokens of the same subject or session: see {@link revokeSubject}.
   *
   * @param caller - what `@AuthInfo()` gives, or the injected `AuthInfo`
   * @throws McpAuthConfigurationError if there is no caller, no resource trusts the issuer, or revocation is
   * switched off
   * @throws StateStoreUnavailableError if the store could not be told: the token may still be accepted
   */
  async revoke(caller: AuthInfo): Promise<void> {
    const longest = Date.now() / 1000 + this.lifetime();
    assertRevocable(caller);
    const { issuer, token, claims, expiresAt: end = longest } = caller;
    this.assertIssuer(issuer);
    assertTime('expiresAt', end);
    await this.put(ownTokenKey({ issuer, token, claims }), end, end);
  }

  /**
   * Refuses one token. It is remembered until the token has expired. One that never expires, or does so
   * after `expiresAt`, is accepted again then.
   *
   * @throws McpAuthConfigurationError if no resource trusts the issuer, an argument is malformed, or
   * revocation is switched off
   * @throws StateStoreUnavailableError if the store could not be told: the token may still be accepted
   */
  async revokeToken({ issuer, jti, expiresAt }: RevokedToken): Promise<void> {
    const longest = Date.now() / 1000 + this.lifetime();
    const end = expiresAt ?? longest;
    this.assertIssuer(issuer);
    assertIdentifier(
      'jti',
      jti,
      '; a token without a jti is revoked by its caller: revoke(authInfo)',
    );
    assertTime('expiresAt', end);
    await this.put(jtiKey(issuer, jti), end, end);
  }

  /**
   * Refuses all tokens of a subject that were issued before a time. It is remembered for
   * `revocation.maxTokenLifetime` from that time: a token that lives longer is accepted again then. An
   * earlier time never takes back a later one.
   *
   * @throws McpAuthConfigurationError if no resource trusts the issuer, an argument is malformed, or
   * revocation is switched off
   * @throws StateStoreUnavailableError if the store could not be told: the tokens may still be accepted
   */
  async revokeSubject({ issuer, subject, issuedBefore }: RevokedSubject): Promise<void> {
    const lifetime = this.lifetime();
    const time = issuedBefore ?? Date.now() / 1000 + this.clockTolerance();
    this.assertIssuer(issuer);
    assertIdentifier('subject', subject);
    assertTime('issuedBefore', time);
    await this.put(subjectKey(issuer, subject), time, time + lifetime);
  }

  /**
   * Writes a time, unless there is a later one. It need not be atomic: instances that revoke the same at
   * once write the same, or times that are milliseconds apart.
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

  /** A misspelt issuer would revoke nothing. Where there is a resolver, any may be right. */
  private assertIssuer(issuer: string): void {
    if (this.servers.isOpen) {
      assertIdentifier('issuer', issuer);
    } else {
      this.servers.get(issuer);
    }
  }

  private clockTolerance(): number {
    return Math.max(...this.resources.all.map(({ jwt }) => jwt.clockTolerance));
  }
}
