/**
 * The channel from the window of the authorization server to the tabs of the console. All tabs of this origin
 * receive each answer. The `state` says whose it is.
 */
const NAME = 'todo-manager-console';

/** @typedef {{ answer?: string, received?: string }} Message an answer, or the `state` of a received one */

/**
 * Waits for the authorization response with this `state`.
 *
 * @param {string} state
 * @param {AbortSignal} signal
 * @returns {Promise<URLSearchParams>}
 */
export async function receiveAnswer(state, signal) {
  const channel = new BroadcastChannel(NAME);
  /** @type {URLSearchParams} */
  const answer = await new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(new URLSearchParams()), { once: true });
    channel.onmessage = (/** @type {MessageEvent<Message>} */ { data }) => {
      const parameters = new URLSearchParams(data.answer);
      if (parameters.get('state') !== state) return;
      channel.postMessage({ received: state });
      resolve(parameters);
    };
  });
  channel.close();
  signal.throwIfAborted();
  return answer;
}

/**
 * Passes an authorization response to the tab that waits for it.
 *
 * @param {URLSearchParams} answer
 * @param {() => void} onReceived
 */
export function passAnswer(answer, onReceived) {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = (/** @type {MessageEvent<Message>} */ { data }) => {
    if (data.received !== undefined && data.received === answer.get('state')) onReceived();
  };
  channel.postMessage({ answer: answer.toString() });
}
