import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { ConsolePage } from './console-page.js';

/** A person with a browser of their own. It remembers what must not have happened. */
export class Visitor {
  /** The messages on the browser's console, and the errors of pages. */
  readonly messages: string[] = [];
  /** The URLs that were requested. */
  readonly requested: string[] = [];
  /** The tokens that were issued to the pages. */
  readonly tokens: string[] = [];
  private readonly pending: Promise<unknown>[] = [];

  private constructor(readonly context: BrowserContext) {
    context.on('console', (message) => this.messages.push(message.text()));
    context.on('weberror', (error) => this.messages.push(`Fault: ${error.error().message}`));
    context.on('request', (request) => this.requested.push(request.url()));
    context.on('response', (response) => {
      if (new URL(response.url()).pathname === '/token') {
        this.pending.push(response.json().then(({ access_token: token }) => this.learn(token)));
      }
    });
  }

  static async arrive(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
    return new Visitor(await browser.newContext(options));
  }

  /** Opens the console in a new tab. */
  async open(url: string): Promise<ConsolePage> {
    const page = await this.context.newPage();
    await page.goto(url);
    return new ConsolePage(page);
  }

  /** Closes the browser. Returns what went wrong behind the scenes, which is nothing if all is well. */
  async leave(): Promise<string[]> {
    await Promise.all(this.pending);
    const pages = await Promise.all(this.context.pages().map(tracesOf));
    await this.context.close();
    const places: Record<string, string> = {
      'The browser console': this.messages.join('\n'),
      'A requested URL': this.requested.join('\n'),
      'A page': pages.map(({ content }) => content).join('\n'),
    };
    const parts = this.tokens.flatMap((token) => token.split('.'));
    return [
      ...this.messages.filter((message) => /Content Security Policy|^Fault: /.test(message)),
      ...pages.flatMap(({ stored }) => (stored === 0 ? [] : 'A page has stored something.')),
      ...Object.entries(places)
        .filter(([, text]) => parts.some((part) => text.includes(part)))
        .map(([place]) => `${place} has a part of a token.`),
    ];
  }

  private learn(token: unknown): void {
    if (typeof token === 'string') this.tokens.push(token);
  }
}

/** Returns what a page shows, with its URL, and how much it has stored. */
function tracesOf(page: Page): Promise<{ content: string; stored: number }> {
  return page.evaluate(`({
    content: document.documentElement.outerHTML + location.href,
    stored: localStorage.length + sessionStorage.length,
  })`);
}
