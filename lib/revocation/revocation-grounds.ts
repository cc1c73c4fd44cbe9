import type { AuthInfo } from '../auth-info/auth-info.js';
import { subjectKey, tokenKey } from './revocation-keys.js';

/** One of the ways in which a token can be revoked. */
export interface RevocationGround {
  /** What the store knows it by. */
  readonly key: string;
  /** Whether the value that the store has there revokes the token. */
  readonly applies: (value: string) => boolean;
}

/** All ways in which this token can be revoked; none for one without `jti` and `sub`. */
export function revocationGrounds(authInfo: AuthInfo): readonly RevocationGround[] {
  const { issuer, subject, claims } = authInfo;
  const { jti, iat } = claims;
  const grounds: RevocationGround[] = [];
  if (typeof jti === 'string') {
    grounds.push({ key: tokenKey(issuer, jti), applies: () => true });
  }
  if (subject !== undefined) {
    // Without a time on either side that can be compared, the token was issued before.
    const applies = (time: string) => !(typeof iat === 'number' && iat >= Number(time));
    grounds.push({ key: subjectKey(issuer, subject), applies });
  }
  return grounds;
}
