import { describe, expect, it } from '@jest/globals';
import { AuthorizationServerUnavailableError } from 'nestjs-mcp-auth';
import { HOSTILE, SHOWN } from '../../support/hostile-text.js';

describe('an error about an authorization server', () => {
  it('has a message without control characters, of bounded length', () => {
    const { message } = new AuthorizationServerUnavailableError(HOSTILE + 'x'.repeat(5000));
    expect(message.startsWith(SHOWN)).toBe(true);
    expect(message.length).toBeLessThan(2200);
  });
});
