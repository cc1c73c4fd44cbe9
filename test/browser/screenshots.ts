/** Makes the pictures of the docs, in `docs/images`: `npm run screenshots`. */
import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import type { Browser, Locator } from 'playwright-core';
import { ConsolePage } from './support/console-page.js';
import { launchChromium } from './support/launch-chromium.js';
import { TodoManager } from './support/todo-manager.js';

const FOLDER = 'docs/images';
const PORT = 3001;

/** The console on a wide screen: a call was refused, and the page offers a step-up. */
async function shootConsole(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 2000 } });
  const tab = new ConsolePage(await context.newPage());
  await tab.page.goto(url);
  await tab.signIn('admin');
  await tab.call('delete-todo', { id: 'todo-1' });
  const refused = tab.tool('delete-todo');
  await tab.says(refused, 'Refused');
  await tab.page.mouse.move(0, 0);
  await tab.page.setViewportSize({ width: 1180, height: await bottomOf(refused) });
  await tab.page.screenshot({ path: `${FOLDER}/console.png` });
  await context.close();
}

/** Returns where an element ends. */
async function bottomOf(element: Locator): Promise<number> {
  const { y, height } = (await element.boundingBox()) ?? { y: 0, height: 0 };
  return Math.round(y + height);
}

/** The consent page, in the dark. */
async function shootConsent(browser: Browser, url: string): Promise<void> {
  const viewport = { width: 480, height: 620 };
  const context = await browser.newContext({ viewport, colorScheme: 'dark' });
  const tab = new ConsolePage(await context.newPage());
  await tab.page.goto(url);
  const window = await tab.openWindow();
  await window.enter('user');
  await window.page.getByRole('button', { name: 'Allow' }).waitFor();
  await window.page.screenshot({ path: `${FOLDER}/consent.png` });
  await context.close();
}

mkdirSync(FOLDER, { recursive: true });
const [browser, todos] = await Promise.all([launchChromium(), TodoManager.start(PORT)]);
await shootConsole(browser, todos.url);
await shootConsent(browser, todos.url);
await browser.close();
await todos.stop();
