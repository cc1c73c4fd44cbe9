import { createHash } from 'node:crypto';
import { Html } from './html.js';

const CSS = `
:root { color-scheme: light dark; --page: #f5f6f8; --card: #fff; --line: #d8dde3; --text: #1a1f24; --quiet: #55606b; --accent: #0f6b5c; --on-accent: #fff; --error: #a8142c; --tint: #fdecee; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14171a; --card: #1c2024; --line: #343b43; --text: #e7eaee; --quiet: #a5afba; --accent: #7fd6c2; --on-accent: #04352b; --error: #ffb0b6; --tint: #35191d; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: clamp(1rem, 8vh, 5rem) 1rem; background: var(--page); color: var(--text); font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; overflow-wrap: anywhere; }
main { max-width: 27rem; margin: 0 auto; padding: clamp(1.25rem, 5vw, 2rem); border: 1px solid var(--line); border-radius: 0.9rem; background: var(--card); }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; }
p, ul { margin: 0 0 1rem; }
ul { padding-left: 1.2rem; }
li { margin: 0.25rem 0; }
code { font: 0.86em ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace; }
li code, .hint { color: var(--quiet); }
.hint { font-size: 0.88rem; }
main > .hint:first-child { margin-bottom: 0.25rem; }
main > :last-child { margin-bottom: 0; }
label { display: block; margin-bottom: 1rem; }
input, button { width: 100%; font: inherit; border-radius: 0.55rem; }
input { margin-top: 0.25rem; padding: 0.55rem 0.7rem; border: 1px solid var(--quiet); background: var(--card); color: var(--text); }
button { padding: 0.6rem 1rem; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); font-weight: 500; cursor: pointer; }
button.secondary { border-color: var(--quiet); background: none; color: var(--text); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
form { margin: 1.25rem 0; }
.decision { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; }
.error { padding: 0.75rem 0.9rem; border-radius: 0.55rem; background: var(--tint); color: var(--error); }
`;

/** The style sheet of all pages. The Content-Security-Policy allows only this style sheet, by its hash. */
export const STYLE = new Html(`<style>${CSS}</style>`);

/** The source of {@link STYLE} in a Content-Security-Policy. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(CSS).digest('base64')}'`;
