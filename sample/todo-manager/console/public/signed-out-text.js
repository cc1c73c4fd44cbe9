import { durationText } from './duration-text.js';

/** @typedef {keyof typeof REVOCATION} Revocation what became of the token at the authorization server */

const REVOCATION = {
  revoked: 'The authorization server has revoked it.',
  failed: 'The authorization server did not revoke it.',
  unsupported: 'It is not revoked: the authorization server has no revocation endpoint.',
};

/**
 * Says what signing out has done, and what it has not.
 *
 * @param {import('./session.js').Session} session
 * @param {Revocation} revocation
 */
export function signedOutText({ claims, expiresAt }, revocation) {
  const seconds = Math.max(0, Math.ceil((expiresAt - Date.now()) / 1000));
  // The todo manager verifies a JWT by its signature and its claims. It asks nobody about it.
  const copies =
    claims === undefined || seconds === 0
      ? ''
      : ` The todo manager would accept a copy of it until it expires, in ${durationText(seconds)}.`;
  return `Signed out: this page has forgotten the token. ${REVOCATION[revocation]}${copies} You are still signed in at the authorization server, so “Sign in” asks for no password. “Switch user” does.`;
}
