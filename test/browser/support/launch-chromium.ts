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
      // A process for each tab costs a tenth more processor time.
      '--renderer-process-limit=1',
    ],
  });
}
