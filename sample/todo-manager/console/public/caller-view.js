import { byId, element } from './dom.js';
import { durationText } from './duration-text.js';
import { Outcome } from './outcome.js';

/** Shows who the token speaks for, and how long. */
export class CallerView {
  outcome = new Outcome(byId('caller-outcome'));
  #timer = 0;

  /** @param {Record<'sign-in' | 'switch-user' | 'sign-out' | 'cancel', () => void>} actions */
  constructor(actions) {
    for (const [id, act] of Object.entries(actions)) byId(id).addEventListener('click', act);
  }

  /**
   * @param {import('./session.js').Session | undefined} session
   * @param {() => void} [onExpiry]
   */
  show(session, onExpiry) {
    clearInterval(this.#timer);
    const claims = byId('claims');
    claims.hidden = session === undefined;
    byId('sign-in').hidden = session !== undefined;
    byId('switch-user').hidden = false;
    byId('sign-out').hidden = session === undefined;
    claims.replaceChildren(...(session === undefined ? [] : rowsOf(session)));
    if (session !== undefined && onExpiry !== undefined) this.#countDown(session, onExpiry);
    this.#keepFocus();
  }

  /**
   * Says that the page waits for the window of the authorization server.
   *
   * @param {URL} url
   * @param {boolean} isOpen `false` if the browser has blocked the window
   */
  wait(url, isOpen) {
    this.outcome.clear();
    byId('waiting-host').textContent = url.host;
    const link = byId('waiting-link');
    link.setAttribute('href', url.href);
    link.textContent = isOpen ? 'Open the window again' : 'Open the window, which was blocked';
    byId('waiting').hidden = false;
    byId('caller-actions').hidden = true;
    byId('cancel').focus();
  }

  stopWaiting() {
    byId('waiting').hidden = true;
    byId('waiting-link').removeAttribute('href');
    byId('caller-actions').hidden = false;
    this.#keepFocus();
  }

  /** If the focused button is gone, the focus goes to the heading of its card. */
  #keepFocus() {
    const focused = document.activeElement;
    if (focused === document.body || focused?.closest('[hidden]')) byId('caller-title').focus();
  }

  /**
   * @param {import('./session.js').Session} session
   * @param {() => void} onExpiry
   */
  #countDown({ expiresAt }, onExpiry) {
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((expiresAt - Date.now()) / 1000));
      byId('lifetime').textContent = durationText(seconds);
      if (seconds > 0) return;
      clearInterval(this.#timer);
      onExpiry();
    };
    this.#timer = window.setInterval(tick, 1000);
    tick();
  }
}

/** @param {import('./session.js').Session} session */
function rowsOf({ claims, scopes }) {
  const unknown = 'The token is opaque. Call whoami to ask the server.';
  const rows = {
    'Speaks for': element('strong', {}, claims?.sub ?? unknown),
    Audience: element('code', {}, [claims?.aud ?? unknown].flat().join(', ')),
    Scopes: listOf(scopes),
    'Issued by': element('code', {}, claims?.iss ?? unknown),
    'Expires in': element('span', { id: 'lifetime', role: 'timer' }),
  };
  return Object.entries(rows).map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value)),
  );
}

/** @param {string[]} scopes */
function listOf(scopes) {
  if (scopes.length === 0) return element('span', {}, 'none');
  const items = scopes.map((scope) => element('li', {}, element('code', {}, scope)));
  return element('ul', { class: 'scopes' }, ...items);
}
