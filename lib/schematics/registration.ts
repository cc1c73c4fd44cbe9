import type { CallExpression, Node, SourceFile } from 'typescript';
import { importedNames, type ImportedName } from './imported-names.js';
import { nodesIn } from './sources.js';
import { ts } from './typescript.js';

/** The name of this package in an import. */
export const PACKAGE = 'nestjs-mcp-auth';

/** The name of the module class. */
export const MODULE = 'McpAuthModule';

const METHODS = ['forRoot', 'forRootAsync'];

/** Returns the import of the module class in a file. */
export function moduleImport(source: SourceFile): ImportedName | undefined {
  return importedNames(source).find(
    ({ module, exported, isType }) => module === PACKAGE && exported === MODULE && !isType,
  );
}

/** Returns the call in a file that registers the module, such as `McpAuthModule.forRoot`, if there is one. */
export function registrationIn(source: SourceFile): string | undefined {
  const local = moduleImport(source)?.local;
  for (const node of nodesIn(source)) {
    const method = ts.isCallExpression(node) ? methodOf(node, local) : undefined;
    if (method !== undefined) {
      return `${MODULE}.${method}`;
    }
  }
  return undefined;
}

function methodOf({ expression }: CallExpression, local: string | undefined): string | undefined {
  return ts.isPropertyAccessExpression(expression) &&
    METHODS.includes(expression.name.text) &&
    isModule(expression.expression, local)
    ? expression.name.text
    : undefined;
}

/** A class in the namespace of the package has its own name. */
function isModule(node: Node, local: string | undefined): boolean {
  return ts.isPropertyAccessExpression(node)
    ? node.name.text === MODULE
    : ts.isIdentifier(node) && node.text === local;
}
