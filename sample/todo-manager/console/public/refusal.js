import { Problem } from './problem.js';

/** A request that the server has rejected, with its challenge. */
export class Refusal extends Problem {
  /**
   * @param {number} status
   * @param {import('./challenge.js').Challenge} challenge
   */
  constructor(status, challenge) {
    const { error, scopes } = challenge;
    const isStepUp = error === 'insufficient_scope' && scopes.length > 0;
    const way = isStepUp ? 'step-up' : status === 401 ? 'sign-in' : 'try-again';
    super(sentence(status, challenge), { way, scopes });
    this.challenge = challenge;
  }
}

/**
 * @param {number} status
 * @param {import('./challenge.js').Challenge} challenge
 */
function sentence(status, { error, description, scopes }) {
  if (error === 'insufficient_scope') {
    return `Refused: this needs the scope ${scopes.join(' and ')}, which the token does not have.`;
  }
  if (status === 401) {
    return error === undefined
      ? 'Refused: the request has no token. Sign in first.'
      : 'Refused: the server does not accept the token any more. Sign in again.';
  }
  return `Refused: ${description ?? `status ${status}`}`;
}
