import { Problem } from './problem.js';

/**
 * Reads a JSON object from an answer.
 *
 * @param {import('./exchange-log.js').Answer} answer
 * @param {string} what
 * @returns {Record<string, unknown>}
 */
export function jsonObject({ text, status }, what) {
  try {
    /** @type {unknown} */
    const value = JSON.parse(text);
    if (typeof value === 'object' && value !== null) {
      return /** @type {Record<string, unknown>} */ (value);
    }
  } catch {
    // The problem below says it.
  }
  throw new Problem(`${what} is not readable (status ${status}).`);
}

/** @param {unknown} value */
export function text(value) {
  return typeof value === 'string' ? value : '';
}

/**
 * Returns an `http:` or `https:` URL, or nothing. Any other URL, such as `javascript:`, must not be opened.
 *
 * @param {unknown} value
 */
export function webUrl(value) {
  return typeof value === 'string' && URL.canParse(value) && /^https?:/i.test(value) ? value : '';
}

/** @param {unknown} value */
export function texts(value) {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
