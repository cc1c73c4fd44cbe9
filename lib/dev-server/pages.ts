import type { Consent } from './consent.js';
import type { DevServerUser } from './dev-server.options.js';
import { html, type Html } from './html.js';
import { STYLE, STYLE_SOURCE } from './style.js';

/**
 * The header fields of all pages. They have no script. No other site may frame them, because they ask for
 * consent. There is no `form-action`: browsers would apply it to the redirect to the client too.
 */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src ${STYLE_SOURCE}; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The request of a client, as the pages show it. */
export interface PageRequest {
  /** The name of the client. Everyone can register a client with any name. */
  readonly client: string;
  /** The protected resources that the token will be for. */
  readonly resources: readonly string[];
  /** The URL that the answer is sent to. */
  readonly redirectUri: string;
}

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
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`.text;
}

/** @param failed - the user name of a failed login, to fill in again */
export function loginPage(
  { client, resources, redirectUri }: PageRequest,
  users: readonly DevServerUser[],
  failed?: string,
): string {
  const hasFailed = failed !== undefined;
  return page(
    'Sign in',
    html`<p><strong>${client}</strong> asks you to sign in, to use ${namesOf(resources)}.</p>
      ${hasFailed && html`<p class="error" role="alert">Wrong user name or password.</p>`}
      <form method="post">
        <label
          >User name
          <input
            name="username"
            value="${failed ?? ''}"
            required
            autocomplete="off"
            ${!hasFailed && html`autofocus`}
        /></label>
        <label
          >Password <input name="password" type="password" required ${hasFailed && html`autofocus`}
        /></label>
        <button>Sign in</button>
      </form>
      ${passwordHint(users)} ${answerHint(redirectUri)}`,
  );
}

/** Asks the user to allow or deny access. */
export function consentPage(
  { client, resources, redirectUri }: PageRequest,
  username: string,
  { granted, refused }: Consent,
): string {
  return page(
    'Allow access?',
    html`<p>
        <strong>${client}</strong> asks to act for <strong>${username}</strong> at
        ${namesOf(resources)}, and would be allowed:
      </p>
      ${listOf(granted)}
      ${
        refused.length > 0 &&
        html`<p>
            It also asked for these scopes. ${username} does not have them, so they are not granted:
          </p>
          ${listOf(refused)}`
      }
      <form method="post">
        <button name="decision" value="allow">Allow</button>
        <button name="decision" value="deny" class="secondary">Deny</button>
      </form>
      ${answerHint(redirectUri)}`,
  );
}

/** Shows an error to the user. */
export function errorPage(message: string): string {
  return page('That did not work', html`<p class="error">${message}</p>`);
}

function namesOf(resources: readonly string[]): Html[] {
  return resources.map((name, index) => html`${index > 0 && ', '}<code>${name}</code>`);
}

function listOf(scopes: readonly string[]): Html {
  return html`<ul>
    ${scopes.map((scope) => html`<li><code>${scope}</code></li>`)}
  </ul>`;
}

/** Names the users whose password is their name. It never shows another password. */
function passwordHint(users: readonly DevServerUser[]): Html | undefined {
  const names = users.flatMap(({ username, password }) => (username === password ? username : []));
  return names.length === 0
    ? undefined
    : html`<p class="hint">
        For development only: ${names.join(', ')}, each with the user name as password.
      </p>`;
}

function answerHint(redirectUri: string): Html {
  return html`<p class="hint">The answer is sent to <code>${redirectUri}</code>.</p>`;
}
