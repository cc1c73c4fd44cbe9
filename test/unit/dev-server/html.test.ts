import { describe, expect, it } from '@jest/globals';
import { html } from '../../../lib/dev-server/html.js';

describe('html', () => {
  it('escapes text, but not HTML', () => {
    const name = `<b>"Ann" & 'Bob'</b>`;
    expect(html`<p title="${name}">${html`<i>${name}</i>`}</p>`.text).toBe(
      '<p title="&lt;b&gt;&quot;Ann&quot; &amp; &#39;Bob&#39;&lt;/b&gt;">' +
        '<i>&lt;b&gt;&quot;Ann&quot; &amp; &#39;Bob&#39;&lt;/b&gt;</i></p>',
    );
  });

  it('joins a list, and leaves out absent items', () => {
    const items = ['a', '<'].map((name) => html`<li>${name}</li>`);
    expect(html`${items}${undefined}${false}${''}`.text).toBe('<li>a</li><li>&lt;</li>');
  });
});
