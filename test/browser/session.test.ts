import { afterEach, expect, it, jest } from '@jest/globals';
import { ConsolePage } from './support/console-page.js';
import { describeConsole } from './support/describe-console.js';

const HOUR = 60 * 60 * 1000;

describeConsole('a session of the console', (scene) => {
  afterEach(() => void jest.useRealTimers());

  it('can be another user’s', async () => {
    const { tab } = scene;
    await tab.signIn('user');
    await tab.signIn('admin', tab.button('Switch user'));
    const tool = await tab.call('whoami');
    expect(await tool.locator('pre').innerText()).toContain('"subject": "admin"');
  });

  it('ends with its token, and the next call is refused', async () => {
    const { tab } = scene;
    await tab.page.clock.install();
    await tab.signIn('user');
    await tab.page.clock.fastForward(2 * HOUR);
    await tab.says(tab.caller, 'The token has expired.');
    jest.useFakeTimers({ now: Date.now() + 2 * HOUR, advanceTimers: true });
    const tool = await tab.call('whoami');
    await tab.says(tool, 'Refused: the server does not accept the token any more.');
    // Neither a password nor consent is needed again, so the window closes by itself.
    await tool.getByRole('button', { name: 'Sign in' }).click();
    await tab.says(tool, 'whoami answered:');
  });

  it('is one tab’s alone', async () => {
    const { tab, todos, visitor } = scene;
    await tab.signIn('user');
    const second = await visitor.open(todos.url);
    expect(await second.button('Sign in').isVisible()).toBe(true);
    await second.button('Try it without a token').click();
    await second.says(second.tools, 'Refused: the request has no token.');
    // The user is still signed in at the authorization server, and has allowed this already.
    const window = await second.openWindow();
    await window.decide('Allow');
    await second.says(second.caller, 'Signed in as user.');
    expect(await tab.caller.innerText()).toBe('Signed in as user.');
  });

  it('ends when the page is reloaded', async () => {
    const { tab } = scene;
    await tab.signIn('user');
    await tab.page.reload();
    expect(await tab.button('Sign in').isVisible()).toBe(true);
  });

  it('ends when the user signs out, and says that the token is not revoked', async () => {
    const { tab } = scene;
    await tab.signIn('user');
    await tab.tool('whoami').waitFor();
    await tab.button('Sign out').click();
    await tab.says(
      tab.caller,
      /not revoked: .* would accept a copy of it until it expires, in \d+ min/,
    );
    const tool = await tab.call('whoami');
    await tab.says(tool, 'Refused: the request has no token. Sign in first.');
  });

  it('begins after a wrong password too, and the user name is still there', async () => {
    const { tab } = scene;
    const window = await tab.openWindow();
    await window.enter('user', 'wrong');
    expect(await window.page.getByRole('alert').innerText()).toBe('Wrong user name or password.');
    expect(await window.page.getByLabel('User name').inputValue()).toBe('user');
    await window.enter('user');
    await window.decide('Allow');
    await tab.says(tab.caller, 'Signed in as user.');
  });

  it('does not begin when the user denies access, and can be begun again', async () => {
    const { tab } = scene;
    const window = await tab.openWindow();
    await window.enter('user');
    await window.decide('Deny');
    await tab.says(tab.caller, 'Access was denied, so there is no token.');
    const again = await tab.openWindow(tab.button('Try again'));
    await again.decide('Allow');
    await tab.says(tab.caller, 'Signed in as user.');
  });

  it('does not begin when the user cancels', async () => {
    const { tab } = scene;
    await tab.openWindow();
    await tab.button('Cancel').click();
    await tab.says(tab.caller, 'The sign-in was cancelled.');
    expect(await tab.button('Sign in').isVisible()).toBe(true);
  });

  it('gets no scope that the user does not have, and offers to switch the user', async () => {
    const { tab } = scene;
    await tab.signIn('user');
    const deletion = await tab.call('delete-todo', { id: 'todo-1' });
    const window = await tab.openWindow(deletion.getByRole('button', { name: 'Step up' }));
    await window.decide('Allow');
    await tab.says(deletion, 'did not grant delete:todos: user may not have it');
    const other = await tab.openWindow(deletion.getByRole('button', { name: 'Switch user' }));
    await other.enter('admin');
    await other.decide('Allow');
    await tab.says(deletion, 'delete-todo answered:');
  });

  it('can be begun and used with the keyboard alone', async () => {
    const { page } = scene.tab;
    await page.keyboard.press('Tab');
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
    const type = async (...keys: string[]) => {
      for (const key of keys) await popup.keyboard.press(key);
    };
    await popup.getByLabel('User name').waitFor();
    await type('u', 's', 'e', 'r', 'Tab', 'u', 's', 'e', 'r', 'Enter');
    await popup.getByRole('button', { name: 'Allow' }).waitFor();
    const closed = popup.waitForEvent('close');
    await type('Tab', 'Tab', 'Enter');
    await closed;

    const tab = new ConsolePage(page);
    await tab.says(tab.caller, 'Signed in as user.');
    await tab.tool('create-todo').waitFor();
    // The focus is where it was. Then come: switch user, sign out, the field, the button.
    for (let count = 0; count < 4; count += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await tab.says(tab.tool('create-todo'), 'create-todo answered:');
  });
});
