import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { AdapterName } from '../../../sample/todo-manager/create-app.js';
import { missingPrograms } from '../../support/process/missing-programs.js';
import { freePort } from '../../support/mcp-flow/free-port.js';
import type { ConsolePage } from './console-page.js';
import { launchChromium } from './launch-chromium.js';
import { TodoManager } from './todo-manager.js';
import { Visitor } from './visitor.js';

const describeIt = missingPrograms(['chromium']).length > 0 ? describe.skip : describe;

/** What each test has: a person with a new browser profile, who has opened the console. */
export interface Scene {
  browser: Browser;
  todos: TodoManager;
  visitor: Visitor;
  tab: ConsolePage;
}

/** Describes the console in Chromium. After each test, nothing may have leaked or broken the policy of a page. */
export function describeConsole(
  name: string,
  tests: (scene: Scene) => void,
  adapter?: AdapterName,
): void {
  // A browser is slow on a machine that is busy with other things, which is no failure.
  jest.setTimeout(120_000);
  describeIt(name, () => {
    const scene = {} as Scene;

    beforeAll(async () => {
      const [browser, todos] = await Promise.all([
        launchChromium(),
        TodoManager.start(await freePort(), adapter),
      ]);
      Object.assign(scene, { browser, todos });
    });
    beforeEach(async () => {
      scene.visitor = await Visitor.arrive(scene.browser);
      scene.tab = await scene.visitor.open(scene.todos.url);
    });
    afterEach(async () => expect(await scene.visitor.leave()).toEqual([]));
    afterAll(async () => {
      await scene.browser.close();
      await scene.todos.stop();
    });

    tests(scene);
  });
}
