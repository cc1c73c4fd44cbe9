import { hash } from 'node:crypto';

/** Returns a key with a hash, because an identifier may have any length and any character. */
const key = (kind: string, issuer: string, identifier: string): string =>
  `revoked-${kind}:${hash('sha256', JSON.stringify([issuer, identifier]), 'base64url')}`;

/** Returns the store's key for the revocation of one token. */
export const jtiKey = (issuer: string, jti: string): string => key('jti', issuer, jti);

/**
 * Returns the store's key for the revocation of a token without `jti`. The store gets only a hash of the
 * token.
 */
export const tokenHashKey = (issuer: string, token: string): string => key('token', issuer, token);

/** Returns the store's key for the revocation of a subject's tokens. */
export const subjectKey = (issuer: string, subject: string): string => key('sub', issuer, subject);
