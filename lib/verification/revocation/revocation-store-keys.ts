import { hash } from 'node:crypto';

/** A hash, since an identifier may be of any length and hold any character. */
const key = (kind: string, issuer: string, identifier: string): string =>
  `revoked-${kind}:${hash('sha256', JSON.stringify([issuer, identifier]), 'base64url')}`;

/** Under what the revocation of one token is kept. */
export const jtiKey = (issuer: string, jti: string): string => key('jti', issuer, jti);

/** Under what the revocation of a token without `jti` is kept; only a hash of the token is in the store. */
export const tokenHashKey = (issuer: string, token: string): string => key('token', issuer, token);

/** Under what the revocation of a subject's tokens is kept. */
export const subjectKey = (issuer: string, subject: string): string => key('sub', issuer, subject);
