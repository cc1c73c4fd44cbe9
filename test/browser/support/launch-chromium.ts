import { chromium, type Browser } from 'playwright-core';

/** Starts Debian's Chromium with a new profile. It calls nobody but the tests. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Starting a process for each tab takes longer than the tests.
      '--renderer-process-limit=1',
    ],
  });
}
