import { createHash } from 'node:crypto';
import { Html } from './html.js';

const CSS = `
:root { color-scheme: light dark; --text: #1f1f1f; --quiet: #5f6368; --page: #fff; --accent: #0b57d0; --on-accent: #fff; --error: #b3001b; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8eaed; --quiet: #a8adb3; --page: #1b1c1f; --accent: #a8c7fa; --on-accent: #062e6f; --error: #ffb4ab; }
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 10vh auto; padding: 0 1rem; color: var(--text); background: var(--page); overflow-wrap: anywhere; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input { padding: 0.5rem; margin: 0.25rem 0 1rem; }
button { padding: 0.6rem; margin-top: 0.75rem; border: 1px solid var(--accent); border-radius: 0.3rem; color: var(--on-accent); background: var(--accent); cursor: pointer; }
button.secondary { color: var(--accent); background: var(--page); }
.error { color: var(--error); }
.hint { color: var(--quiet); font-size: 0.85rem; }
`;

/** The style sheet of all pages. The Content-Security-Policy allows this one only, by its hash. */
export const STYLE = new Html(`<style>${CSS}</style>`);

/** The source of {@link STYLE} in a Content-Security-Policy. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(CSS).digest('base64')}'`;
