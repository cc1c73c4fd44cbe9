import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FailureLog } from '../../../lib/log/failure-log.js';

let now: number;
let told: { context: unknown; message: unknown }[];

beforeEach(() => {
  now = 1;
  told = [];
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  jest.spyOn(Logger.prototype, 'error').mockImplementation(function (this: unknown, message) {
    told.push({ context: (this as { context?: string }).context, message });
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

const messages = () => told.map(({ message }) => message);

describe('the log of repeated failures', () => {
  it('writes the first failure at once, with its message, in the context McpAuthModule', () => {
    const log = new FailureLog();
    log.report(new Error('down'));
    expect(told).toEqual([{ context: 'McpAuthModule', message: 'down' }]);
    now += 20_000;
    log.report('no error at all');
    expect(messages()).toEqual(['down', 'no error at all']);
  });

  it('writes at most one failure in ten seconds', () => {
    const log = new FailureLog();
    for (now = 1; now <= 25_001; now += 1000) {
      log.report(new Error(`at ${now}`));
    }
    expect(messages()).toEqual(['at 1', 'at 11001', 'at 22001']);
  });
});
