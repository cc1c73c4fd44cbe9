import { expect, it } from '@jest/globals';
import { Page } from './support/page.js';

// The examples of this page are tests themselves: importing them adds them to this file.
const page = await Page.open('docs/testing.md');
await page.run('A service that injects `AuthInfo`');
await page.run('Requests to the application');

it('every example of docs/testing.md is run by a test', () => {
  expect(page.notRun).toEqual([]);
});
