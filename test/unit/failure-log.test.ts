import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FailureLog } from '../../lib/log/failure-log.js';
import { resolutionBounds } from '../../lib/authorization-server/fetching/resolution-bounds.js';
import type { McpAuthModuleSettings } from '../../lib/options/mcp-auth-module.options.js';

const settings = (given: Partial<McpAuthModuleSettings> = {}) => given as McpAuthModuleSettings;

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

describe('failures that every request may bring about', () => {
  it('are told at once, under the name of the module, by their message', () => {
    const log = new FailureLog();
    log.report(new Error('down'));
    expect(told).toEqual([{ context: 'McpAuthModule', message: 'down' }]);
    now += 20_000;
    log.report('no error at all');
    expect(messages()).toEqual(['down', 'no error at all']);
  });

  it('are told once in ten seconds', () => {
    const log = new FailureLog();
    for (now = 1; now <= 25_001; now += 1000) {
      log.report(new Error(`at ${now}`));
    }
    expect(messages()).toEqual(['at 1', 'at 11001', 'at 22001']);
  });

  it('of the application’s answers are told likewise', () => {
    const { onUnavailable } = resolutionBounds(settings());
    onUnavailable(new Error('first'));
    onUnavailable(new Error('second'));
    expect(messages()).toEqual(['first']);
  });
});

describe('what is kept of the application’s answers', () => {
  it('is bounded, whatever the options leave out', () => {
    const standard = { max: 1000, ttl: 60_000, timeout: 5000 };
    expect(resolutionBounds(settings())).toMatchObject(standard);
    expect(resolutionBounds(settings({ tenantCache: {} }))).toMatchObject(standard);
    expect(
      resolutionBounds(settings({ tenantCache: { max: 5, ttl: 2 }, fetchTimeout: 100 })),
    ).toMatchObject({ max: 5, ttl: 2000, timeout: 100 });
  });
});
