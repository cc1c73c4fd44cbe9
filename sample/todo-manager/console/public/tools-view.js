import { byId, element } from './dom.js';
import { Outcome } from './outcome.js';

/** What the fields are filled with, so that one click is enough to try a tool. */
const EXAMPLES = /** @type {Record<string, string>} */ ({ content: 'Buy milk', id: 'todo-1' });

/** @typedef {(name: string, args: Record<string, string>, outcome: Outcome) => void} Call */

/** Shows the tools, each with a form to call it. */
export class ToolsView {
  outcome = new Outcome(byId('tools-outcome'));
  #call;

  /** @param {Call} call */
  constructor(call) {
    this.#call = call;
  }

  /** @param {import('./mcp-client.js').Tool[]} tools */
  show(tools) {
    this.outcome.clear();
    byId('tools').replaceChildren(...tools.map((tool) => this.#formOf(tool)));
  }

  /** @param {import('./mcp-client.js').Tool} tool */
  #formOf({ name, description = '', inputSchema }) {
    const place = element('div', { class: 'outcome' });
    const outcome = new Outcome(place);
    const form = element(
      'form',
      { class: 'tool', 'aria-label': name },
      element('h3', {}, name),
      element('p', {}, description),
      element(
        'div',
        { class: 'call' },
        ...Object.keys(inputSchema.properties ?? {}).map(fieldOf),
        element('button', {}, `Call ${name}`),
      ),
      place,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#call(name, valuesOf(form), outcome);
    });
    return form;
  }
}

/**
 * @param {HTMLFormElement} form
 * @returns {Record<string, string>}
 */
function valuesOf(form) {
  const fields = [...form.querySelectorAll('input')];
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

/** @param {string} name */
function fieldOf(name) {
  const value = EXAMPLES[name] ?? '';
  return element(
    'label',
    {},
    name,
    element('input', { name, value, required: '', autocomplete: 'off' }),
  );
}
