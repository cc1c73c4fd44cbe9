import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { LeakDetector } from './leak-detector.js';
import { SECRETS } from './secret.js';
import { watchHttp } from './watch-http.js';
import { watchOutput } from './watch-output.js';

/** The channel on which the test environment publishes, because it cannot import the modules of the tests. */
const TEST = 'nestjs-mcp-auth:test:start';
const END = 'nestjs-mcp-auth:test:end';

const detector = new LeakDetector();
let test = 'before any test';

const onTest = (name: unknown) => (test = String(name));
const onSecret = (value: unknown) => detector.addSecret(String(value));
const stopHttp = watchHttp(detector, () => test);
const stopOutput = watchOutput((by, text) => detector.addOutput(`${by}, ${test}`, text));

const onEnd = (leaks: unknown) => {
  stopHttp();
  stopOutput();
  unsubscribe(TEST, onTest);
  unsubscribe(SECRETS.name, onSecret);
  unsubscribe(END, onEnd);
  (leaks as string[]).push(...detector.findLeaks());
};

subscribe(TEST, onTest);
subscribe(SECRETS.name, onSecret);
subscribe(END, onEnd);
