import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { AuthorizationServerUnavailableError } from 'nestjs-mcp-auth';
import { escaped } from '../../lib/errors/escaped.js';
import { log } from '../../lib/log/log.js';

const HOSTILE =
  'a\r\n[Nest] LOG\t\u001b[2J\u0000\u009b\u007f\u2028\u2029\u202e\u2066\u200f\ufeff\u{e0041}';
const SHOWN = String.raw`a\u000d\u000a[Nest] LOG\u0009\u001b[2J\u0000\u009b\u007f\u2028\u2029\u202e\u2066\u200f\ufeff\u{e0041}`;

afterEach(() => {
  jest.restoreAllMocks();
  Logger.overrideLogger(undefined as never);
});

describe('what is logged', () => {
  it('is one line in the order of its characters, whatever it is', () => {
    expect(escaped(HOSTILE)).toBe(SHOWN);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escaped(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('keeps what people write', () => {
    const text = 'Größe „x“ – 日本語 🎉 \\ "a"';
    expect(escaped(text)).toBe(text);
  });

  it('is escaped and bounded at every level', () => {
    const lines: unknown[] = [];
    const write = (line: unknown) => void lines.push(line);
    Logger.overrideLogger({ log: write, warn: write, error: write, debug: write });
    log.error(HOSTILE);
    log.warn(HOSTILE);
    log.debug(() => ['one', HOSTILE]);
    log.error('x'.repeat(100_000));
    expect(lines.slice(0, 3)).toEqual([SHOWN, SHOWN, `one\n${SHOWN}`]);
    expect(String(lines[3]).length).toBeLessThan(5000);
  });

  it('costs nothing at debug where that is not enabled', () => {
    Logger.overrideLogger(false);
    const make = jest.fn(() => 'x');
    log.debug(make);
    expect(make).not.toHaveBeenCalled();
  });
});

describe('an error about an authorization server', () => {
  it('holds no control characters, and no more than a page', () => {
    const { message } = new AuthorizationServerUnavailableError(HOSTILE + 'x'.repeat(5000));
    expect(message.startsWith(SHOWN)).toBe(true);
    expect(message.length).toBeLessThan(2200);
  });
});
