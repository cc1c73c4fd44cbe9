import type { AuthInfo } from '../../auth-info/auth-info.js';
import { readUnverified } from '../../token/read-unverified.js';
import { tokenHashKey, subjectKey, jtiKey } from './revocation-store-keys.js';

/** One of the ways in which a token can be revoked. */
export interface RevocationGround {
  /** What the store knows it by. */
  readonly key: string;
  /** Whether the value that the store has there revokes the token. */
  readonly applies: (value: string) => boolean;
}

/** As much of a caller as tells tokens apart. */
export type TokenIdentity = Pick<AuthInfo, 'issuer' | 'token' | 'claims'>;

/** Returns the store's key for this one token: by its `jti` or, where it has none, by what it is made of. */
export function ownTokenKey({ issuer, token, claims: { jti } }: TokenIdentity): string {
  return typeof jti === 'string' && jti !== ''
    ? jtiKey(issuer, jti)
    : tokenHashKey(issuer, signedPart(token));
}

/**
 * The holder of a JWT may be able to spell its signature in another way, as with ECDSA, but not what is
 * signed.
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
    // Without a time on either side that can be compared, the token was issued before.
    const applies = (time: string) => !(typeof iat === 'number' && iat >= Number(time));
    grounds.push({ key: subjectKey(issuer, subject), applies });
  }
  return grounds;
}
