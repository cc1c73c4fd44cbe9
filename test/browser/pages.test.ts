import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './support/accessibility.js';
import type { ConsolePage } from './support/console-page.js';
import { describeConsole } from './support/describe-console.js';

/** The pages, by how to get there. */
const PAGES: Record<string, (tab: ConsolePage) => Promise<Page>> = {
  'the console before a sign-in': async ({ page }) => page,
  'the console after a call without a token': async (tab) => {
    await tab.button('Try it without a token').click();
    await tab.says(tab.tools, 'Refused');
    return tab.page;
  },
  'the console during a sign-in': async (tab) => {
    await tab.openWindow();
    await tab.button('Cancel').waitFor();
    return tab.page;
  },
  'the console with a tool that was refused, and all exchanges open': async (tab) => {
    await tab.signIn('user');
    await tab.call('whoami');
    await tab.says(tab.tool('whoami'), 'answered');
    await tab.call('delete-todo', { id: 'todo-1' });
    await tab.says(tab.tool('delete-todo'), 'Refused');
    for (const line of await tab.page.locator('summary').all()) await line.click();
    return tab.page;
  },
  'the answer that nobody waits for': async ({ page }) => {
    await page.goto(new URL('/console/callback.html?code=a', page.url()).href);
    await page.getByText('No open tab').waitFor();
    return page;
  },
  'the login page': async (tab) => (await tab.openWindow()).page,
  'the login page after a wrong password': async (tab) => {
    const window = await tab.openWindow();
    await window.enter('user', 'wrong');
    await window.page.getByRole('alert').waitFor();
    return window.page;
  },
  'the consent page': async (tab) => {
    const window = await tab.openWindow();
    await window.enter('user');
    await window.page.getByRole('button', { name: 'Allow' }).waitFor();
    return window.page;
  },
  'the error page of the authorization server': async (tab) => {
    const { page } = await tab.openWindow();
    await page.goto(new URL('/auth', page.url()).href);
    return page;
  },
};

describeConsole('the pages', (scene) => {
  it.each(Object.entries(PAGES))('have no accessibility problems: %s', async (_, go) => {
    const page = await go(scene.tab);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect([colorScheme, await accessibilityProblems(page)]).toEqual([colorScheme, []]);
    }
  });

  it.each(Object.entries(PAGES))('fit on a phone: %s', async (_, go) => {
    await scene.tab.page.setViewportSize({ width: 360, height: 740 });
    const page = await go(scene.tab);
    await page.setViewportSize({ width: 360, height: 740 });
    const [content, width] = await page.evaluate<number[]>(
      '[document.documentElement.scrollWidth, innerWidth]',
    );
    expect(width).toBe(360);
    expect(content).toBeLessThanOrEqual(360);
  });

  it('name the resource, the scopes in words, and where the answer goes', async () => {
    const { tab, todos } = scene;
    const { host } = new URL(todos.url);
    const window = await tab.openWindow();
    const login = await window.page.locator('main').innerText();
    expect(login).toContain(`Todo manager console asks you to sign in, to use ${todos.url}mcp.`);
    expect(login).toContain(`The answer goes to ${host}`);
    await window.enter('user');
    await window.page.getByRole('button', { name: 'Allow' }).waitFor();
    const consent = await window.page.locator('main').innerText();
    expect(consent).toContain('Create todos create:todos');
    expect(consent).toContain(`The answer goes to ${host}`);
  });

  it('show Allow and Deny in different colors', async () => {
    const window = await scene.tab.openWindow();
    await window.enter('user');
    await window.page.getByRole('button', { name: 'Allow' }).waitFor();
    const colorOf = (decision: string) =>
      window.page.evaluate<string>(
        `getComputedStyle(document.querySelector('[value=${decision}]')).backgroundColor`,
      );
    expect(await colorOf('allow')).not.toBe(await colorOf('deny'));
  });
});
