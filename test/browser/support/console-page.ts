import type { Locator, Page } from 'playwright-core';
import type { USERS } from '../../../sample/todo-manager/users.js';

type Name = keyof typeof USERS;

/** The console of the todo manager, as people use it. */
export class ConsolePage {
  constructor(readonly page: Page) {}

  /** Where the page says what came of a sign-in. */
  get caller(): Locator {
    return this.page.locator('#caller-outcome');
  }

  get tools(): Locator {
    return this.page.locator('#tools-outcome');
  }

  tool(name: string): Locator {
    return this.page.getByRole('form', { name });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Clicks what opens the window of the authorization server, and returns that window. */
  async openWindow(opener: Locator = this.page.locator('#sign-in')): Promise<SignInPage> {
    const [page] = await Promise.all([this.page.waitForEvent('popup'), opener.click()]);
    await page.getByRole('heading').waitFor();
    return new SignInPage(page);
  }

  async signIn(name: Name, opener?: Locator): Promise<void> {
    const window = await this.openWindow(opener);
    await window.enter(name);
    await window.decide('Allow');
    await this.says(this.caller, `Signed in as ${name}.`);
  }

  async call(name: string, args: Record<string, string> = {}): Promise<Locator> {
    const tool = this.tool(name);
    for (const [field, value] of Object.entries(args)) await tool.getByLabel(field).fill(value);
    await tool.getByRole('button', { name: `Call ${name}` }).click();
    return tool;
  }

  /** Waits until a place on the page says something. */
  async says(place: Locator, text: string | RegExp): Promise<void> {
    await place.getByText(text).first().waitFor();
  }

  /** Returns the titles of the exchanges, and the status of each. */
  async exchanges(): Promise<string[]> {
    const lines = await this.page.locator('summary').all();
    return Promise.all(
      lines.map(async (line) => {
        const badge = line.locator('.badge');
        const status = (await badge.count()) > 0 ? ` ${await badge.innerText()}` : '';
        return `${await line.locator('.title').innerText()}${status}`;
      }),
    );
  }
}

/** The window of the authorization server. */
export class SignInPage {
  constructor(readonly page: Page) {}

  async enter(username: string, password = username): Promise<void> {
    await this.page.getByLabel('User name').fill(username);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  async decide(decision: 'Allow' | 'Deny'): Promise<void> {
    const closed = this.page.waitForEvent('close');
    await this.page.getByRole('button', { name: decision }).click();
    await closed;
  }
}
