import type * as oidcProvider from 'oidc-provider';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';

/** The module `oidc-provider`, loaded. */
export type OidcProvider = typeof oidcProvider;

let loading: Promise<OidcProvider> | undefined;

/** @throws McpAuthConfigurationError if `oidc-provider` cannot be loaded, most often because it is not installed */
export async function loadOidcProvider(): Promise<OidcProvider> {
  loading ??= load();
  try {
    return await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

async function load(): Promise<OidcProvider> {
  const restore = hideNotices();
  try {
    return await import('oidc-provider');
  } catch (cause) {
    throw new McpAuthConfigurationError(
      'The development server needs the package "oidc-provider", which cannot be loaded. If it is not installed: npm install --save-dev oidc-provider@9.',
      { cause },
    );
  } finally {
    restore();
  }
}

/** Runs `work` without the notices of `oidc-provider` on the console. */
export function quietly<T>(work: () => T): T {
  const restore = hideNotices();
  try {
    return work();
  } finally {
    restore();
  }
}

/**
 * Hides the notices and warnings of `oidc-provider`, and nothing else. The package warns that Node 20 is old, that
 * tokens should not be stored in memory, and that a draft may change. This does not matter during development.
 *
 * @returns a function that shows the notices again
 */
function hideNotices(): () => void {
  /* eslint-disable no-console -- only passes on what other code prints */
  const { info, warn } = console;
  const unlessNotice =
    (print: typeof info): typeof info =>
    (...args) => {
      if (!/oidc-provider (?:NOTICE|WARNING)/.test(String(args[0]))) {
        print(...args);
      }
    };
  console.info = unlessNotice(info);
  console.warn = unlessNotice(warn);
  return () => {
    Object.assign(console, { info, warn });
  };
  /* eslint-enable no-console */
}
