import { Problem } from './problem.js';

/** Opens the window of the authorization server. There is one sign-in at a time. */
export class SignInWindow {
  #view;
  #current = new AbortController();

  /** @param {import('./caller-view.js').CallerView} view */
  constructor(view) {
    this.#view = view;
  }

  /**
   * Runs a sign-in until it ends, or is cancelled.
   *
   * @template T
   * @param {(open: (url: URL) => void, signal: AbortSignal) => Promise<T>} signIn
   * @returns {Promise<T>}
   */
  async run(signIn) {
    this.cancel('Another sign-in was started instead.');
    const current = new AbortController();
    this.#current = current;
    try {
      return await signIn((url) => this.#open(url), current.signal);
    } finally {
      if (current === this.#current) this.#view.stopWaiting();
    }
  }

  cancel(reason = 'The sign-in was cancelled. Nothing has changed.') {
    this.#current.abort(new Problem(reason));
  }

  /**
   * The window gets no access to this page.
   *
   * @param {URL} url
   */
  #open(url) {
    const opened = window.open('', '_blank', 'popup,width=480,height=760');
    if (opened !== null) {
      opened.opener = null;
      opened.location.href = url.href;
    }
    this.#view.wait(url, opened !== null);
  }
}
