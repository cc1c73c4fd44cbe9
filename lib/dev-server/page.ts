import { html, type Html } from './html.js';
import { STYLE, STYLE_SOURCE } from './style.js';

/**
 * The header fields of all pages. The pages have no script. No other site may frame them, because they ask for
 * consent. There is no `form-action`, because browsers would also apply it to the redirect to the client.
 */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src ${STYLE_SOURCE}; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Makes a whole page of its content. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <main>
          <p class="hint">Authorization server for development</p>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`.text;
}
