import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './support/accessibility.js';
import { describeConsole } from './support/describe-console.js';

const PHONE = { width: 360, height: 740 };

/** Returns what is wrong with a page on a phone, in light and dark. */
async function problemsOf(page: Page): Promise<string[]> {
  await page.setViewportSize(PHONE);
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  const problems = width === PHONE.width ? [] : [`it is ${width} pixels wide`];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    problems.push(...(await accessibilityProblems(page)).map((one) => `${colorScheme}, ${one}`));
  }
  return problems;
}

describeConsole('the pages', (scene) => {
  it('are accessible in light and dark, and fit on a phone', async () => {
    const { tab } = scene;
    const { page } = tab;
    const problems: string[] = [];
    const inspect = async (name: string, seen: Page) => {
      problems.push(...(await problemsOf(seen)).map((problem) => `${name}: ${problem}`));
    };
    await inspect('the console before a sign-in', page);
    await tab.button('Try it without a token').click();
    await tab.says(tab.tools, 'Refused');
    await inspect('the console after a call without a token', page);

    const window = await tab.openWindow();
    await inspect('the console during a sign-in', page);
    await inspect('the login page', window.page);
    await window.enter('user', 'wrong');
    await window.page.getByRole('alert').waitFor();
    await inspect('the login page after a wrong password', window.page);
    await window.enter('user');
    await window.page.getByRole('button', { name: 'Allow' }).waitFor();
    await inspect('the consent page', window.page);
    await window.decide('Allow');

    await tab.tool('delete-todo').waitFor();
    await tab.says(await tab.call('whoami'), 'answered');
    await tab.says(await tab.call('delete-todo', { id: 'todo-1' }), 'Refused');
    for (const line of await page.locator('summary').all()) await line.click();
    await inspect('the console with a refused tool, and all exchanges open', page);

    await page.goto(new URL('/console/callback.html?code=a', page.url()).href);
    await page.getByText('No open tab').waitFor();
    await inspect('the answer that nobody waits for', page);
    await page.goto(`${scene.todos.issuer}/auth`);
    await inspect('the error page of the authorization server', page);
    expect(problems).toEqual([]);
  });

  it('name the resource, the scopes in words, and where the answer goes', async () => {
    const { tab, todos } = scene;
    const { host } = new URL(todos.url);
    const window = await tab.openWindow();
    const { page } = window;
    const login = await page.locator('main').innerText();
    expect(login).toContain(`Todo manager console asks you to sign in, to use ${todos.url}mcp.`);
    expect(login).toContain(`The answer goes to ${host}`);

    await window.enter('user');
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    const consent = await page.locator('main').innerText();
    expect(consent).toContain('Create todos create:todos');
    expect(consent).toContain(`The answer goes to ${host}`);
    const colorOf = (decision: string) =>
      page.evaluate<string>(
        `getComputedStyle(document.querySelector('[value=${decision}]')).backgroundColor`,
      );
    expect(await colorOf('allow')).not.toBe(await colorOf('deny'));
  });
});
