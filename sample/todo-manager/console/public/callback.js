import { passAnswer } from './answer-channel.js';
import { byId } from './dom.js';

/** How long a tab of the console may take to say that the answer is its own. */
const PATIENCE = 2000;

const answer = new URLSearchParams(location.search);
// The code must not stay in the address bar and the history.
history.replaceState(null, '', location.pathname);

const giveUp = setTimeout(() => {
  tell(
    'This answer is for nobody',
    'No open tab of the console has asked for it. The tab may have been closed or reloaded, or the answer was used before. Nothing has happened. Open the console, and sign in there.',
  );
}, PATIENCE);

passAnswer(answer, () => {
  clearTimeout(giveUp);
  tell('Done', 'The console has the answer. You can close this window.');
  window.close();
});

/**
 * @param {string} title
 * @param {string} text
 */
function tell(title, text) {
  byId('title').textContent = title;
  byId('text').textContent = text;
}
