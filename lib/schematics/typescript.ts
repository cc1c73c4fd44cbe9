import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cwd } from 'node:process';
import type TypeScript from 'typescript';

type TypeScriptApi = typeof TypeScript;

/**
 * Loads the TypeScript of an application, or else the TypeScript of its Nest CLI. TypeScript 7 has no parser for
 * JavaScript programs, but the Nest CLI has an older TypeScript. Every application has TypeScript, so this package
 * does not depend on it.
 *
 * @throws Error if neither TypeScript has a parser
 */
export function loadTypeScript(directory: string): TypeScriptApi {
  const application = createRequire(join(directory, 'package.json'));
  const api =
    required(() => application) ??
    required(() => createRequire(application.resolve('@nestjs/cli/package.json')));
  if (api === undefined) {
    throw new Error(
      'nestjs-mcp-auth needs TypeScript 5 or 6 to change the root module, and found neither here: npm install --save-dev typescript@6, or add McpAuthModule by hand, as README.md of nestjs-mcp-auth shows.',
    );
  }
  return api;
}

function required(from: () => NodeJS.Require): TypeScriptApi | undefined {
  try {
    const api = from()('typescript') as Partial<TypeScriptApi>;
    return typeof api.createSourceFile === 'function' ? (api as TypeScriptApi) : undefined;
  } catch {
    return undefined;
  }
}

/** The TypeScript of the application in which the schematic runs. */
export const ts = loadTypeScript(cwd());
