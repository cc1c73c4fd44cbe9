import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { McpAuthEvents, type DocumentEvent, type RevokedEvent } from 'nestjs-mcp-auth';

const EVENT: RevokedEvent = { issuer: 'https://auth.example.com', subject: 'alice' };

let errors: jest.SpiedFunction<Logger['error']>;

beforeEach(() => {
  errors = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('McpAuthEvents', () => {
  it('calls each listener of the name, with the event frozen', () => {
    const events = new McpAuthEvents();
    const [first, second, other] = [jest.fn(), jest.fn(), jest.fn()];
    events.on('revoked', first);
    events.on('revoked', second);
    events.on('accepted', other);
    events.publish('revoked', () => ({ ...EVENT }));
    expect(first.mock.calls).toEqual([[EVENT]]);
    expect(second.mock.calls).toEqual([[EVENT]]);
    expect(Object.isFrozen(first.mock.calls[0]?.[0])).toBe(true);
    expect(other).not.toHaveBeenCalled();
  });

  it('does not call a listener after its subscription has ended', () => {
    const events = new McpAuthEvents();
    const listener = jest.fn();
    const end = events.on('revoked', listener);
    end();
    end();
    events.publish('revoked', () => EVENT);
    expect(listener).not.toHaveBeenCalled();
    expect(events.isObserved('revoked')).toBe(false);
  });

  it('makes no event while nothing listens', () => {
    const make = jest.fn(() => EVENT);
    const events = new McpAuthEvents();
    events.on('accepted', () => undefined);
    events.publish('revoked', make);
    expect(make).not.toHaveBeenCalled();
  });

  it('publishes on the channel of diagnostics_channel', () => {
    const received: unknown[] = [];
    const listener = (message: unknown) => received.push(message);
    subscribe('nestjs-mcp-auth:stale', listener);
    const event: DocumentEvent & { error: unknown } = {
      issuer: EVENT.issuer,
      document: 'jwks',
      duration: 1,
      error: new Error('down'),
    };
    new McpAuthEvents().publish('stale', () => event);
    unsubscribe('nestjs-mcp-auth:stale', listener);
    expect(received).toEqual([event]);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no disk');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no disk'))],
  ])('logs the error of a listener that %s, and calls the others', async (_case, fails) => {
    const events = new McpAuthEvents();
    const other = jest.fn();
    events.on('revoked', fails);
    events.on('revoked', other);
    events.publish('revoked', () => EVENT);
    await Promise.resolve();
    await Promise.resolve();
    expect(other).toHaveBeenCalledTimes(1);
    expect(errors.mock.calls.flat()).toContain('A listener of the event "revoked" failed: no disk');
  });
});
