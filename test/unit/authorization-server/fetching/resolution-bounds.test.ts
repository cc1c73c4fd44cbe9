import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { resolutionBounds } from '../../../../lib/authorization-server/fetching/resolution-bounds.js';
import type { McpAuthModuleSettings } from '../../../../lib/options/mcp-auth-module.options.js';

const settings = (given: Partial<McpAuthModuleSettings> = {}) => given as McpAuthModuleSettings;

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the cache for results of the functions of the application', () => {
  it('has the bounds of the options, and a default for each option that is left out', () => {
    const standard = { max: 1000, ttl: 60_000, timeout: 5000 };
    expect(resolutionBounds(settings())).toMatchObject(standard);
    expect(resolutionBounds(settings({ tenantCache: {} }))).toMatchObject(standard);
    expect(
      resolutionBounds(settings({ tenantCache: { max: 5, ttl: 2 }, fetchTimeout: 100 })),
    ).toMatchObject({ max: 5, ttl: 2000, timeout: 100 });
  });
});

describe('failures of application functions', () => {
  it('are not logged again at once', () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const { onUnavailable } = resolutionBounds(settings());
    onUnavailable(new Error('first'));
    onUnavailable(new Error('second'));
    expect(error.mock.calls).toEqual([['first']]);
  });
});
