/** @typedef {'try-again' | 'sign-in' | 'step-up' | 'switch-user'} WayOn what the page offers after a problem */

/** Something that went wrong, in a sentence that a person understands. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {{ cause?: unknown, way?: WayOn, scopes?: string[] }} [options] `scopes` are those that are missing
   */
  constructor(message, { cause, way = 'try-again', scopes = [] } = {}) {
    super(message, { cause });
    this.way = way;
    this.scopes = scopes;
  }
}
