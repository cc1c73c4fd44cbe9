import { parseUrl } from '../url/parse-url.js';
import type { Consent } from './consent.js';
import type { DevServerUser } from './dev-server.options.js';
import { html, type Html } from './html.js';
import { page } from './page.js';
import { scopeInWords } from './scope-in-words.js';

/** The request of a client, as the pages show it. */
export interface PageRequest {
  /** The name of the client. Everyone can register a client with any name. */
  readonly client: string;
  /** The protected resources that the token will be for. */
  readonly resources: readonly string[];
  /** The URL that the answer is sent to. */
  readonly redirectUri: string;
}

/**
 * Makes the page on which the user signs in.
 *
 * @param failed - the user name of a failed login, to fill in again
 */
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
            autocomplete="username"
            ${!hasFailed && html`autofocus`}
        /></label>
        <label
          >Password
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            ${hasFailed && html`autofocus`}
        /></label>
        <button>Sign in</button>
      </form>
      ${passwordHint(users)} ${answerHint(redirectUri)}`,
  );
}

/** Makes the page on which the user allows or denies access. */
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
        <p class="decision">
          <button name="decision" value="deny" class="secondary">Deny</button>
          <button name="decision" value="allow">Allow</button>
        </p>
      </form>
      ${answerHint(redirectUri)}`,
  );
}

function namesOf(resources: readonly string[]): Html[] {
  return resources.map((name, index) => html`${index > 0 && ', '}<code>${name}</code>`);
}

function listOf(scopes: readonly string[]): Html {
  return html`<ul>
    ${scopes.map((scope) => html`<li>${scopeInWords(scope)} <code>${scope}</code></li>`)}
    ${scopes.length === 0 && html`<li>nothing</li>`}
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

/** Says where the answer goes. The redirect URI of a native application may have no host. */
function answerHint(redirectUri: string): Html {
  const host = parseUrl(redirectUri)?.host ?? '';
  return html`<p class="hint">
    The answer goes to <strong>${host === '' ? redirectUri : host}</strong>:
    <code>${redirectUri}</code>
  </p>`;
}
