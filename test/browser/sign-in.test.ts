import { describe, expect, it } from '@jest/globals';
import { describeConsole } from './support/describe-console.js';

describe.each(['express', 'fastify'] as const)('on %s', (adapter) => {
  describeConsole(
    'the console',
    (scene) => {
      it('shows each exchange, and whom the token speaks for', async () => {
        const { tab, todos } = scene;
        await tab.signIn('user');
        await tab.tool('whoami').waitFor();
        expect(await tab.exchanges()).toEqual([
          'Call the server without a token 401',
          'Read the protected resource metadata 200',
          'Read the authorization server metadata 200',
          'Register this page as a client 201',
          'Ask the user, in a window',
          'The answer to that',
          'Exchange the code for a token 200',
          'What the token says',
          'List the tools 200',
        ]);
        const claims = await tab.page.locator('#claims').innerText();
        expect(claims).toMatch(/Speaks for\s+user/);
        expect(claims).toContain(`${todos.url}mcp`);
        expect(claims).toContain('create:todos');
        expect(claims).not.toContain('read:todos');
        expect(claims).toMatch(/Expires in\s+(?:60 min 0|59 min \d+) s/);
      });

      it('is refused, steps up, and succeeds', async () => {
        const { tab } = scene;
        await tab.signIn('user');
        const creation = await tab.call('create-todo', { content: 'Feed the cat' });
        const { id } = JSON.parse(await creation.locator('pre').innerText()) as { id: string };
        await tab.signIn('admin', tab.button('Switch user'));

        const deletion = await tab.call('delete-todo', { id });
        await tab.says(deletion, 'Refused: this needs the scope delete:todos');
        const window = await tab.openWindow(deletion.getByRole('button', { name: 'Step up' }));
        await window.decide('Allow');
        await tab.says(deletion, 'delete-todo answered:');
        expect(await deletion.locator('pre').innerText()).toContain('Feed the cat');
        expect(await tab.page.locator('#claims').innerText()).toContain('delete:todos');
        const calls = (await tab.exchanges()).filter((title) => title.includes('delete-todo'));
        expect(calls).toEqual(['Call delete-todo 403', 'Call delete-todo 200']);
      });
    },
    adapter,
  );
});
