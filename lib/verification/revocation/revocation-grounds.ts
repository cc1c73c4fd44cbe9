import type { AuthInfo } from '../../auth-info/auth-info.js';
import { readUnverified } from '../../token/read-unverified.js';
import { tokenHashKey, subjectKey, jtiKey } from './revocation-store-keys.js';

/** A way in which a token can be revoked. */
export interface RevocationGround {
  /** The key in the store. */
  readonly key: string;
  /** Returns whether the value at this key revokes the token. */
  readonly applies: (value: string) => boolean;
}

/** The part of a caller that identifies its token. */
export type TokenIdentity = Pick<AuthInfo, 'issuer' | 'token' | 'claims'>;

/**
 * Returns the store's key for this one token. It is made from the `jti`, or from a hash of the token's signed
 * part if there is no `jti`.
 */
export function ownTokenKey({ issuer, token, claims: { jti } }: TokenIdentity): string {
  return typeof jti === 'string' && jti !== ''
    ? jtiKey(issuer, jti)
    : tokenHashKey(issuer, signedPart(token));
}

/**
 * Returns the part of a token that its holder cannot change. With ECDSA, for example, its holder
 * can change the signature of a JWT so that it stays valid. The holder cannot change the signed text.
 */
function signedPart(token: string): string {
  return readUnverified(token) === undefined ? token : token.slice(0, token.lastIndexOf('.'));
}

/** Returns all ways in which this token can be revoked. */
export function revocationGrounds(authInfo: AuthInfo): readonly RevocationGround[] {
  const { issuer, subject, claims } = authInfo;
  const { iat } = claims;
  const grounds: RevocationGround[] = [{ key: ownTokenKey(authInfo), applies: () => true }];
  if (subject !== undefined) {
    // A token is revoked if it was issued before the stored time. It is also revoked if `iat` or the stored value is
    // not a time.
    const applies = (time: string) => !(typeof iat === 'number' && iat >= timeIn(time));
    grounds.push({ key: subjectKey(issuer, subject), applies });
  }
  return grounds;
}

/** Reads a stored time. Returns `NaN` for any other text: `Number` would read an empty text as 0. */
function timeIn(stored: string): number {
  return /^\d/.test(stored) ? Number(stored) : NaN;
}
