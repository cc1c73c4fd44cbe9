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
    const traces = await Promise.all(this.context.pages().map(tracesOf));
    const { origins, cookies } = await this.context.storageState();
    await this.context.close();
    const kept = [
      ...this.messages,
      ...this.requested,
      ...traces,
      JSON.stringify({ origins, cookies }),
    ];
    return [
      ...this.messages.filter((message) => /Content Security Policy|^Fault: /.test(message)),
      ...origins.map(({ origin }) => `${origin} has stored something`),
      ...this.tokens.flatMap((token) =>
        kept.filter((text) => token.split('.').some((part) => text.includes(part))),
      ),
    ];
  }

  private learn(token: unknown): void {
    if (typeof token === 'string') this.tokens.push(token);
  }
}

/** Returns what a page shows, and its URL and storage. */
function tracesOf(page: Page): Promise<string> {
  return page.evaluate(
    'document.documentElement.outerHTML + location.href + JSON.stringify([localStorage, sessionStorage])',
  );
}
