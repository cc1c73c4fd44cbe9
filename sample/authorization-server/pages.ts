import { html, type Html } from './html.js';
import type { User } from './options.js';

const STYLE = html`<style>
  body {
    font:
      16px/1.5 system-ui,
      sans-serif;
    max-width: 26rem;
    margin: 12vh auto;
    padding: 0 1rem;
  }
  label,
  input,
  button {
    display: block;
    width: 100%;
    box-sizing: border-box;
    font: inherit;
  }
  input {
    padding: 0.5rem;
    margin: 0.25rem 0 1rem;
  }
  button {
    padding: 0.6rem;
    margin-top: 0.75rem;
    cursor: pointer;
  }
  .error {
    color: #b00020;
  }
  .hint {
    color: #666;
    font-size: 0.85rem;
  }
</style>`;

function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <h1>${title}</h1>
        ${body}
      </body>
    </html>`.text;
}

export function loginPage(client: string, users: readonly User[], error?: string): string {
  const names = users.map(({ username }) => username).join(', ');
  return page(
    'Sign in',
    html`<p><strong>${client}</strong> asks you to sign in.</p>
      ${error ? html`<p class="error">${error}</p>` : undefined}
      <form method="post">
        <label>User name <input name="username" required autofocus autocomplete="off" /></label>
        <label>Password <input name="password" type="password" required /></label>
        <button>Sign in</button>
      </form>
      <p class="hint">For development only: ${names}, each with the user name as password.</p>`,
  );
}

export function consentPage(
  client: string,
  username: string,
  granted: readonly string[],
  refused: readonly string[],
): string {
  const item = (scope: string) => html`<li><code>${scope}</code></li>`;
  return page(
    'Allow access?',
    html`<p><strong>${client}</strong> asks to act for <strong>${username}</strong>:</p>
      <ul>
        ${granted.map(item)}
      </ul>
      ${
        refused.length > 0
          ? html`<p>It also asked for what ${username} may not do, and does not get it:</p>
              <ul>
                ${refused.map(item)}
              </ul>`
          : undefined
      }
      <form method="post">
        <button name="decision" value="allow">Allow</button>
        <button name="decision" value="deny">Deny</button>
      </form>`,
  );
}

export function errorPage(message: string): string {
  return page('That did not work', html`<p class="error">${message}</p>`);
}
