import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { McpAuthConfigurationError } from 'nestjs-mcp-auth';
import { loadMcpSdk, type McpSdk } from '../../../lib/testing/mcp-sdk.js';

const V2 = '@modelcontextprotocol/client';
const V1 = '@modelcontextprotocol/sdk/client/index.js';

/** Makes the import of a module fail, in the words of Node. */
function fail(module: string, message: string, code: string): void {
  jest.unstable_mockModule(module, () => {
    throw Object.assign(new Error(message), { code });
  });
}

function uninstall(module: string): void {
  fail(module, `Cannot find package '${module}' imported from x.js`, 'ERR_MODULE_NOT_FOUND');
}

afterEach(() => {
  jest.resetModules();
  jest.unstable_unmockModule(V2);
  jest.unstable_unmockModule(V1);
});

describe('loadMcpSdk', () => {
  it('takes version 1 if version 2 is not installed', async () => {
    uninstall(V2);
    expect(await loadMcpSdk(undefined)).toEqual(expect.any(Function));
  });

  it.each<[McpSdk | undefined, string]>([
    [
      undefined,
      '"@modelcontextprotocol/client" or "@modelcontextprotocol/sdk", which is not installed: npm install --save-dev @modelcontextprotocol/client.',
    ],
    [
      '@modelcontextprotocol/client',
      '"@modelcontextprotocol/client", which is not installed: npm install --save-dev @modelcontextprotocol/client.',
    ],
    [
      '@modelcontextprotocol/sdk',
      '"@modelcontextprotocol/sdk", which is not installed: npm install --save-dev @modelcontextprotocol/sdk.',
    ],
  ])('says what to install if %s is missing', async (sdk, message) => {
    uninstall(V2);
    uninstall(V1);
    const loaded = loadMcpSdk(sdk);
    await expect(loaded).rejects.toThrow(McpAuthConfigurationError);
    await expect(loaded).rejects.toThrow(`mcpClient() needs the package ${message}`);
  });

  it.each([
    ['needs a package that is missing', "Cannot find package 'zod'", 'ERR_MODULE_NOT_FOUND'],
    ['is broken', `Unexpected token in ${V2}/dist/index.mjs`, 'ERR_X'],
  ])('passes on the error of an SDK that %s', async (_, message, code) => {
    fail(V2, message, code);
    await expect(loadMcpSdk(undefined)).rejects.toThrow(message);
  });
});
