import { button, element } from './dom.js';

/**
 * @typedef {object} Told
 * @property {'success' | 'refusal' | 'failure' | 'info'} kind
 * @property {string} text
 * @property {string} [detail] what a tool has answered
 * @property {Record<string, () => void>} [ways] ways on: the labels of buttons, and what they do
 */

/** The place where the page says what came of an action. Screen readers read it aloud. */
export class Outcome {
  #status = element('div', { role: 'status' });
  #actions = element('p', { class: 'actions' });
  #container;

  /** @param {HTMLElement} container */
  constructor(container) {
    this.#container = container;
    container.tabIndex = -1;
    this.clear();
    container.append(this.#status, this.#actions);
  }

  /** @param {Told} told */
  show({ kind, text, detail, ways = {} }) {
    this.#container.dataset.kind = kind;
    this.#status.replaceChildren(
      element('p', {}, text),
      ...(detail === undefined ? [] : [element('pre', {}, detail)]),
    );
    const buttons = Object.entries(ways).map(([label, go], index) =>
      button(label, go, index === 0 ? 'primary' : ''),
    );
    this.#actions.replaceChildren(...buttons);
    this.#actions.hidden = buttons.length === 0;
  }

  focus() {
    this.#container.focus();
  }

  clear() {
    delete this.#container.dataset.kind;
    this.#status.replaceChildren();
    this.#actions.replaceChildren();
    this.#actions.hidden = true;
  }
}
