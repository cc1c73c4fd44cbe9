import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cwd } from 'node:process';
import type TypeScript from 'typescript';

type TypeScriptApi = typeof TypeScript;

/**
 * Loads the TypeScript of an application, or that of its Nest CLI. The second one has a parser if the application has
 * TypeScript 7, which has none for JavaScript programs. It is not a dependency, because every application has it.
 *
 * @throws Error if neither has a parser
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
