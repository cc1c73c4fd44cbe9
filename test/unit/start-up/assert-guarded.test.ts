import { describe, expect, it } from '@jest/globals';
import { UseGuards, type Type } from '@nestjs/common';
import { BearerAuthGuard, McpAuthConfigurationError, Public } from 'nestjs-mcp-auth';
import { assertGuarded } from '../../../lib/start-up/assert-guarded.js';
import type { DiscoveredHandlers } from '../../../lib/policy/discovery/discovered-handlers.js';

class Bare {
  hear() {
    return '';
  }

  @Public() open() {
    return '';
  }

  @UseGuards(BearerAuthGuard) bound() {
    return '';
  }
}

@UseGuards(BearerAuthGuard)
class Bound {
  hear() {
    return '';
  }
}

describe('an unguarded gateway handler, where Nest runs no global guards on gateways (version 11)', () => {
  const guarded = (controller: Type, method: string, gatewaysAreGuarded = false) =>
    assertGuarded({
      all: () => [{ controller, method, kind: 'ws' }],
      fieldsAreGuarded: () => true,
      gatewaysAreGuarded: () => gatewaysAreGuarded,
      calledFunctionsOf: () => [(controller.prototype as Record<string, unknown>)[method]],
    } as unknown as DiscoveredHandlers);

  it('stops the boot', () => {
    expect(() => guarded(Bare, 'hear')).toThrow(McpAuthConfigurationError);
    expect(() => guarded(Bare, 'hear')).toThrow('Bare.hear belongs to a gateway');
  });

  it.each<[string, Type, string, boolean]>([
    ['the handler has a guard', Bare, 'bound', false],
    ['the gateway has a guard', Bound, 'hear', false],
    ['the handler is public', Bare, 'open', false],
    ['Nest is of a later version', Bare, 'hear', true],
  ])('does not stop the boot if %s', (_what, gateway, method, gatewaysAreGuarded) => {
    expect(guarded(gateway, method, gatewaysAreGuarded)).toHaveLength(1);
  });
});
