import { CallerView } from './caller-view.js';
import { byId } from './dom.js';
import { ExchangeLog } from './exchange-log.js';
import { showExchange } from './exchanges-view.js';
import { McpClient } from './mcp-client.js';
import { OAuthClient } from './oauth-client.js';
import { Problem } from './problem.js';
import { SignInWindow } from './sign-in-window.js';
import { signedOutText } from './signed-out-text.js';
import { ToolsView } from './tools-view.js';

/**
 * @typedef {import('./outcome.js').Outcome} Outcome
 * @typedef {() => Promise<void>} Work
 */

const endpoint = new URL('/mcp', location.origin).href;
const log = new ExchangeLog(showExchange);
const mcp = new McpClient(log, endpoint);
const oauth = new OAuthClient(log, mcp, new URL('/console/callback.html', location.origin).href);

/** @type {import('./session.js').Session | undefined} */
let session;

const caller = new CallerView({
  'sign-in': () => void attempt(caller.outcome, () => signIn()),
  'switch-user': () => void attempt(caller.outcome, () => signIn({ prompt: 'login' })),
  'sign-out': () => void attempt(caller.outcome, signOut),
  cancel: () => signInWindow.cancel(),
});
const signInWindow = new SignInWindow(caller);
const tools = new ToolsView((name, args, outcome) => {
  void attempt(outcome, () => call(name, args, outcome));
});

byId('endpoint').textContent = endpoint;
byId('try').addEventListener('click', () => void attempt(tools.outcome, listTools));

/**
 * Does something. If it does not work, says why in its place, and offers a way on.
 *
 * @param {Outcome} outcome
 * @param {Work} work
 */
async function attempt(outcome, work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) {
      outcome.show({ kind: 'failure', text: 'This page has a fault. Reload it, and try again.' });
      throw error;
    }
    const kind = error.way === 'try-again' ? 'failure' : 'refusal';
    outcome.show({ kind, text: error.message, ways: waysOn(error, outcome, work) });
  }
}

/**
 * @param {Problem} problem
 * @param {Outcome} outcome
 * @param {Work} work
 * @returns {Record<string, () => void>}
 */
function waysOn({ way, scopes }, outcome, work) {
  // The button of the way is gone afterwards, and the focus with it.
  const go = (/** @type {Work} */ next) => () =>
    void attempt(outcome, next).then(() => outcome.focus());
  switch (way) {
    case 'try-again':
      return { 'Try again': go(work) };
    case 'sign-in':
      return { 'Sign in': go(() => authorize().then(work)) };
    case 'step-up':
      return { 'Step up': go(() => stepUp(scopes).then(work)) };
    case 'switch-user':
      return { 'Switch user': go(() => stepUp(scopes, 'login').then(work)) };
  }
}

/** @param {{ prompt?: string }} [request] */
async function signIn(request) {
  await authorize(request);
  await attempt(tools.outcome, listTools);
}

async function listTools() {
  tools.show(await mcp.listTools(session));
}

/**
 * Gets a token that has more scopes, besides those of the present one.
 *
 * @param {string[]} missing
 * @param {string} [prompt]
 */
async function stepUp(missing, prompt) {
  const scopes = [...new Set([...(session?.scopes ?? []), ...missing])];
  const { scopes: granted, claims } = await authorize({ scopes, prompt });
  const denied = missing.filter((scope) => !granted.includes(scope));
  if (denied.length > 0) {
    throw new Problem(
      `The authorization server did not grant ${denied.join(' and ')}: ${claims?.sub ?? 'this user'} may not have it. Somebody else may.`,
      { way: 'switch-user', scopes: missing },
    );
  }
}

/**
 * Gets a token, and shows whose it is.
 *
 * @param {{ prompt?: string, scopes?: string[] }} [request]
 * @returns {Promise<import('./session.js').Session>}
 */
async function authorize(request) {
  const authorized = await newSession(request);
  session = authorized;
  const { sub } = authorized.claims ?? {};
  caller.outcome.show({ kind: 'success', text: `Signed in${sub ? ` as ${sub}` : ''}.` });
  caller.show(authorized, sayThatItExpired);
  return authorized;
}

/**
 * @param {{ prompt?: string, scopes?: string[] }} [request]
 * @returns {Promise<import('./session.js').Session>}
 */
async function newSession(request) {
  try {
    return await signInWindow.run((open, signal) => oauth.signIn({ ...request, open, signal }));
  } catch (error) {
    // The server may be another one when the user tries again.
    oauth.forget();
    throw error;
  }
}

function sayThatItExpired() {
  caller.outcome.show({
    kind: 'refusal',
    text: 'The token has expired.',
    ways: { 'Sign in again': () => void attempt(caller.outcome, () => signIn()) },
  });
}

/**
 * @param {string} name
 * @param {Record<string, string>} args
 * @param {Outcome} outcome
 */
async function call(name, args, outcome) {
  const { content, isError = false } = await mcp.callTool(session, name, args);
  outcome.show({
    kind: isError ? 'failure' : 'success',
    text: isError ? `${name} failed:` : `${name} answered:`,
    detail: content.map(({ text = '' }) => readable(text)).join('\n'),
  });
}

/**
 * Writes JSON on several lines.
 *
 * @param {string} text
 */
function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function signOut() {
  const last = session;
  if (last === undefined) return;
  session = undefined;
  caller.show(undefined);
  const revocation = await oauth.revoke(last);
  caller.outcome.show({ kind: 'info', text: signedOutText(last, revocation) });
}
