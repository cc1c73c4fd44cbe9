import { byId, element } from './dom.js';

/** @typedef {import('./exchange-log.js').Exchange} Exchange */

/** @type {WeakMap<Exchange, HTMLLIElement>} */
const items = new WeakMap();

/**
 * Shows an exchange as a line that opens. An exchange that is there already is shown again.
 *
 * @param {Exchange} exchange
 */
export function showExchange(exchange) {
  byId('no-exchanges').hidden = true;
  const item = items.get(exchange) ?? element('li');
  items.set(exchange, item);
  item.replaceChildren(detailsOf(exchange));
  if (!item.isConnected) byId('exchanges').append(item);
}

/** @param {Exchange} exchange */
function detailsOf({ title, method, url, status, request, response }) {
  return element(
    'details',
    {},
    element(
      'summary',
      {},
      element('span', { class: 'title' }, title),
      ...(status === undefined ? [] : [badge(status)]),
      element('span', { class: 'line' }, `${method} ${url}`.trim()),
    ),
    ...partOf('Sent', request),
    ...partOf('Received', response),
  );
}

/** @param {number} status */
function badge(status) {
  const kind = status < 400 ? 'success' : status === 401 || status === 403 ? 'refusal' : 'failure';
  return element('span', { class: 'badge', 'data-kind': kind }, String(status));
}

/**
 * @param {string} title
 * @param {string} text
 */
function partOf(title, text) {
  return text === '' ? [] : [element('h3', {}, title), element('pre', {}, text)];
}
