/** HTML that is safe: values were escaped, and the rest is written in this code. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | Html | readonly Html[] | false | undefined;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Fills a template. It escapes every value that is not an `Html` object. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(render)));
}

function render(value: Value): string {
  if (value === undefined || value === false) {
    return '';
  }
  if (value instanceof Html) {
    return value.text;
  }
  if (typeof value === 'string') {
    return value.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
  }
  return value.map(({ text }) => text).join('');
}
