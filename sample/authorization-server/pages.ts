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
    border: 1px solid #0b57d0;
    border-radius: 0.3rem;
    color: #fff;
    background: #0b57d0;
    cursor: pointer;
  }
  button.secondary {
    color: #0b57d0;
    background: #fff;
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

/** The error to show after a failed login, and the user name to fill in. */
export interface FailedLogin {
  error: string;
  username: string;
}

export function loginPage(client: string, users: readonly User[], failed?: FailedLogin): string {
  const names = users.map(({ username }) => username).join(', ');
  return page(
    'Sign in',
    html`<p><strong>${client}</strong> asks you to sign in.</p>
      ${failed && html`<p class="error">${failed.error}</p>`}
      <form method="post">
        <label
          >User name
          <input
            name="username"
            value="${failed?.username ?? ''}"
            required
            autocomplete="off"
            ${failed ? undefined : html`autofocus`}
        /></label>
        <label
          >Password <input name="password" type="password" required ${failed && html`autofocus`}
        /></label>
        <button>Sign in</button>
      </form>
      <p class="hint">For development only: ${names}, each with the user name as password.</p>`,
  );
}

/** The request that the user is asked to allow. */
export interface ConsentRequest {
  client: string;
  username: string;
  /** The protected resources that the token will be for. */
  resources: readonly string[];
  /** The URL that the answer is sent to. */
  redirectUri: string;
  granted: readonly string[];
  refused: readonly string[];
}

export function consentPage({
  client,
  username,
  resources,
  redirectUri,
  granted,
  refused,
}: ConsentRequest): string {
  const item = (scope: string) => html`<li><code>${scope}</code></li>`;
  return page(
    'Allow access?',
    html`<p>
        <strong>${client}</strong> asks to act for <strong>${username}</strong> at
        ${resources.map((resource) => html`<code>${resource}</code> `)}and would be allowed:
      </p>
      <ul>
        ${granted.map(item)}
      </ul>
      ${
        refused.length > 0
          ? html`<p>
                It also asked for these scopes. ${username} does not have them, so they are not
                granted:
              </p>
              <ul>
                ${refused.map(item)}
              </ul>`
          : undefined
      }
      <form method="post">
        <button name="decision" value="allow">Allow</button>
        <button name="decision" value="deny" class="secondary">Deny</button>
      </form>
      <p class="hint">The answer is sent to <code>${redirectUri}</code>.</p>`,
  );
}

export function errorPage(message: string): string {
  return page('That did not work', html`<p class="error">${message}</p>`);
}
