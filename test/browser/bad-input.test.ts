import { expect, it } from '@jest/globals';
import { SignInPage } from './support/console-page.js';
import { describeConsole } from './support/describe-console.js';

const NOBODY = 'No open tab of the console has asked for it.';

describeConsole('the console', (scene) => {
  const callback = (parameters: string) => `${scene.todos.url}console/callback.html?${parameters}`;

  it.each([
    ['of an unknown state', 'code=a-code&state=another'],
    ['without a state', 'code=a-code'],
    ['without anything', ''],
  ])('says that an answer %s is for nobody, and takes it out of the URL', async (_, parameters) => {
    const { visitor, tab } = scene;
    await tab.openWindow();
    const answered = await visitor.open(callback(parameters));
    const { page } = answered;
    await answered.says(page.locator('#text'), NOBODY);
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('link', { name: 'Open the console' }).click();
    await page.waitForURL(scene.todos.url);
    // The tab still waits for its own answer.
    expect(await tab.button('Cancel').isVisible()).toBe(true);
    expect(await tab.caller.innerText()).toBe('');
  });

  it('says that a replayed answer is for nobody', async () => {
    const { visitor, tab } = scene;
    await tab.signIn('user');
    const answer = visitor.requested.find((url) => url.includes('callback.html?')) ?? '';
    const replayed = await visitor.open(answer);
    await replayed.says(replayed.page.locator('#text'), NOBODY);
  });

  it.each([
    ['from another server', '&iss=https%3A%2F%2Fevil.example', ', but from https://evil.example'],
    ['that does not say whose it is', '', ''],
  ])('throws an answer away %s', async (_, issuer, whose) => {
    const { visitor, tab, todos } = scene;
    const { page } = await tab.openWindow();
    const state = new URL(
      visitor.requested.find((url) => url.includes('/auth?')) ?? '',
    ).searchParams.get('state');
    await page.goto(callback(`code=a-code&state=${state ?? ''}${issuer}`)).catch(() => undefined);
    await tab.says(tab.caller, `The answer does not come from ${todos.issuer}${whose}.`);
    expect(await tab.exchanges()).not.toContain('Exchange the code for a token');
  });

  it('says that a code was used before', async () => {
    const { visitor, tab } = scene;
    await visitor.context.route('**/token', async (route) => {
      await route.fetch();
      await route.continue();
    });
    const window = await tab.openWindow();
    await window.enter('user');
    await window.decide('Allow');
    await tab.says(tab.caller, 'The code was used before, or it is too old. Sign in again.');
    await visitor.context.unroute('**/token');
    const again = await tab.openWindow(tab.button('Try again'));
    await again.decide('Allow');
    await tab.says(tab.caller, 'Signed in as user.');
  });

  it('offers a link when the browser has blocked the window', async () => {
    const { visitor, tab } = scene;
    await tab.page.evaluate('window.open = () => null');
    await tab.button('Sign in').click();
    const link = tab.page.getByRole('link', { name: 'Open the window, which was blocked' });
    const [page] = await Promise.all([visitor.context.waitForEvent('page'), link.click()]);
    const window = new SignInPage(page);
    await window.enter('user');
    await page.getByRole('button', { name: 'Allow' }).click();
    await tab.says(tab.caller, 'Signed in as user.');
  });

  it('says what is wrong when a tool fails', async () => {
    const { tab } = scene;
    await tab.signIn('user');
    const deletion = await tab.call('delete-todo', { id: '<b>none</b>' });
    await tab.says(deletion, 'delete-todo failed:');
    expect(await deletion.locator('pre').innerText()).toBe('There is no todo <b>none</b>.');
  });

  it('says that the authorization server does not answer, and goes on when it does', async () => {
    const { tab, todos } = scene;
    await todos.stopAuthorizationServer();
    await tab.button('Sign in').click();
    await tab.says(tab.caller, `${new URL(todos.issuer).host} does not answer.`);
    await todos.restartAuthorizationServer();
    await tab.signIn('user', tab.button('Try again'));
  });

  it('says that the authorization server has forgotten the page', async () => {
    const { tab, todos } = scene;
    await tab.signIn('user');
    await todos.stopAuthorizationServer();
    await todos.restartAuthorizationServer();
    const { page } = await tab.openWindow(tab.button('Switch user'));
    expect(await page.getByRole('alert').innerText()).toContain('does not know the application');
    await tab.button('Cancel').click();
    await tab.signIn('user', tab.button('Try again'));
  });

  it.each(['javascript:alert(1)', undefined])('opens no window at %s', async (endpoint) => {
    const { tab, todos } = scene;
    await tab.page.route('**/.well-known/oauth-authorization-server', async (route) => {
      const metadata = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...metadata, authorization_endpoint: endpoint } });
    });
    await tab.button('Sign in').click();
    await tab.says(tab.caller, `The metadata of ${todos.issuer} does not say where to sign in.`);
  });

  it('says that it is open at another address than that of the server', async () => {
    const { visitor, tab, todos } = scene;
    await tab.page.route('**/.well-known/oauth-protected-resource/mcp', (route) =>
      route.fulfill({ json: { resource: 'https://todos.example/mcp' } }),
    );
    await tab.button('Sign in').click();
    await tab.says(tab.caller, 'but the server calls itself https://todos.example/mcp.');
    expect(visitor.requested.every((url) => url.startsWith(todos.url))).toBe(true);
  });
});
