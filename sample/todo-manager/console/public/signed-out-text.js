import { durationText } from './duration-text.js';

/**
 * Says what signing out has done, and what it has not.
 *
 * @param {import('./session.js').Session} session
 * @param {boolean} isRevoked
 */
export function signedOutText({ claims, expiresAt }, isRevoked) {
  const revocation = isRevoked
    ? 'The authorization server was told to revoke it.'
    : 'It is not revoked: the authorization server has no revocation endpoint.';
  const seconds = Math.max(0, Math.ceil((expiresAt - Date.now()) / 1000));
  // The todo manager verifies a JWT by its signature and its claims. It asks nobody about it.
  const copies =
    claims === undefined || seconds === 0
      ? ''
      : ` The todo manager would accept a copy of it until it expires, in ${durationText(seconds)}.`;
  return `Signed out: this page has forgotten the token. ${revocation}${copies} You are still signed in at the authorization server, so “Sign in” asks for no password. “Switch user” does.`;
}
