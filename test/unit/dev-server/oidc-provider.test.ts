import { afterEach, describe, expect, it, jest } from '@jest/globals';

afterEach(() => {
  jest.resetModules();
  jest.restoreAllMocks();
});

describe('loadOidcProvider', () => {
  it('says what to install if oidc-provider is missing', async () => {
    jest.unstable_mockModule('oidc-provider', () => {
      throw new Error("Cannot find package 'oidc-provider'");
    });
    const { loadOidcProvider } = await import('../../../lib/dev-server/oidc-provider.js');
    await expect(loadOidcProvider()).rejects.toMatchObject({
      code: 'invalid_configuration',
      message:
        'The development server needs the package "oidc-provider", which cannot be loaded. If it is not installed: npm install --save-dev oidc-provider@9.',
    });
  });
});

describe('quietly', () => {
  it('hides the notices of oidc-provider, and nothing else', async () => {
    const printed = jest.fn();
    jest.spyOn(console, 'info').mockImplementation(printed);
    jest.spyOn(console, 'warn').mockImplementation(printed);
    const { info, warn } = console;
    const { quietly } = await import('../../../lib/dev-server/oidc-provider.js');
    const result = quietly(() => {
      console.info('\x1b[33;1moidc-provider NOTICE: a draft may change\x1b[0m');
      console.warn('oidc-provider WARNING: Unsupported runtime.');
      console.warn('oidc-provider is %s', 'slow');
      return 'done';
    });
    expect(result).toBe('done');
    expect(printed.mock.calls).toEqual([['oidc-provider is %s', 'slow']]);
    expect([console.info, console.warn]).toEqual([info, warn]);
  });

  it('shows the notices again after an error', async () => {
    const { warn } = console;
    const { quietly } = await import('../../../lib/dev-server/oidc-provider.js');
    const failing = () => {
      throw new Error('no');
    };
    expect(() => quietly(failing)).toThrow('no');
    expect(console.warn).toBe(warn);
  });
});
