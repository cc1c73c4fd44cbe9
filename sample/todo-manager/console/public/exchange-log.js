import { Problem } from './problem.js';
import { parameterText, valueText, withoutSecrets } from './redact.js';

const TIMEOUT = 10_000;

/**
 * An HTTP exchange as people see it: without secrets.
 *
 * @typedef {object} Exchange
 * @property {string} title what it is for
 * @property {string} method
 * @property {string} url
 * @property {number} [status]
 * @property {string} request
 * @property {string} response
 */

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {string} text
 */

/** Sends all requests of the page, and shows each as it happens. */
export class ExchangeLog {
  #show;

  /** @param {(exchange: Exchange) => void} show called for a new exchange, and again when it has changed */
  constructor(show) {
    this.#show = show;
  }

  /**
   * @param {string} title
   * @param {string} url
   * @param {{ method?: string, headers?: Record<string, string>, body?: string | URLSearchParams }} [request]
   * @returns {Promise<Answer>}
   * @throws {Problem} if there is no answer
   */
  async send(title, url, request = {}) {
    const { method = 'GET' } = request;
    /** @type {Exchange} */
    const exchange = { title, method, url, request: requestText(request), response: '' };
    this.#show(exchange);
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      const response = await fetch(url, { ...request, signal, cache: 'no-store' });
      const text = await response.text();
      exchange.status = response.status;
      exchange.response = responseText(response.headers, text);
      return { status: response.status, headers: response.headers, text };
    } catch (cause) {
      exchange.response = 'No answer.';
      const { host } = new URL(url);
      throw new Problem(
        `${host} does not answer. It may be down, or it may not allow calls from this page. Try again when it is up.`,
        { cause },
      );
    } finally {
      this.#show(exchange);
    }
  }

  /**
   * Shows what happens in the window of the authorization server, where this page sends nothing itself.
   *
   * @param {string} title
   * @param {string} url without its query
   * @param {URLSearchParams} parameters
   */
  browse(title, url, parameters) {
    this.#show({
      title,
      method: 'Browser',
      url,
      request: parameterText(parameters),
      response: '',
    });
  }

  /**
   * Shows the content of a token.
   *
   * @param {string} title
   * @param {unknown} value
   */
  decode(title, value) {
    this.#show({ title, method: 'Decoded', url: '', request: '', response: valueText(value) });
  }
}

/** @param {{ headers?: Record<string, string>, body?: string | URLSearchParams }} request */
function requestText({ headers = {}, body }) {
  const text = body instanceof URLSearchParams ? parameterText(body) : (body ?? '');
  return textOf(Object.entries(headers), withoutSecrets(text, headers['content-type']));
}

/**
 * @param {Headers} headers
 * @param {string} text
 */
function responseText(headers, text) {
  const shown = ['www-authenticate', 'content-type', 'retry-after'];
  const fields = [...headers].filter(([name]) => shown.includes(name));
  return textOf(fields, withoutSecrets(text, headers.get('content-type') ?? ''));
}

/**
 * @param {[string, string][]} headers
 * @param {string} body
 */
function textOf(headers, body) {
  const head = withoutSecrets(headers.map((field) => field.join(': ')).join('\n'));
  return [head, body.trim()].filter((part) => part !== '').join('\n\n');
}
