import { posix } from 'node:path';
import type { CallExpression, ClassDeclaration, Node, SourceFile } from 'typescript';
import { importedNames } from './imported-names.js';
import { NotUnderstoodError } from './not-understood.error.js';
import { nodesIn, pathOf, sourceAt } from './sources.js';
import { textOf, type Tree } from './tree.js';
import { ts } from './typescript.js';

/** The class that creates an application. */
export const FACTORY = 'NestFactory';

/**
 * Finds the class of the module that `NestFactory.create()` gets. The calls in `main.ts` count first, because other
 * files may create applications for other purposes.
 *
 * @param sources - the files that contain `NestFactory`
 * @throws NotUnderstoodError if it is not clear which class this is
 */
export function findRootModule(
  tree: Tree,
  sourceRoot: string,
  sources: readonly SourceFile[],
): ClassDeclaration {
  const isMain = ({ fileName }: SourceFile) => fileName === posix.join('/', sourceRoot, 'main.ts');
  const inMain = sources.filter(isMain).flatMap(rootsIn);
  const roots = inMain.length > 0 ? inMain : sources.flatMap(rootsIn);
  const modules = [...new Map(roots.map((root) => declared(tree, root))).values()];
  const [module] = modules;
  if (module === undefined) {
    throw new NotUnderstoodError(`no file in ${sourceRoot} has a call of ${FACTORY}.create()`);
  }
  if (modules.length > 1) {
    throw new NotUnderstoodError(`${sourceRoot} creates applications of several modules`);
  }
  return module;
}

/** Returns the first arguments of the calls of `NestFactory.create()`. */
function rootsIn(source: SourceFile): Node[] {
  return [...nodesIn(source)]
    .filter(ts.isCallExpression)
    .filter(createsApplication)
    .flatMap(({ arguments: [root] }) => root ?? []);
}

function createsApplication({ expression }: CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 'create' &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === FACTORY
  );
}

/** Returns a class, and a key that is the same whenever it is the same class. */
function declared(tree: Tree, root: Node): [string, ClassDeclaration] {
  const source = root.getSourceFile();
  const file = pathOf(source);
  if (!ts.isIdentifier(root)) {
    throw new NotUnderstoodError(`${file} calls ${FACTORY}.create() without the name of a class`);
  }
  const imported = importedNames(source).find(({ local }) => local === root.text);
  const path = imported ? resolved(tree, source.fileName, imported.module) : source.fileName;
  const name = imported?.exported ?? root.text;
  const found = path && classIn(sourceAt(tree, path), name);
  if (!found) {
    throw new NotUnderstoodError(
      `the class ${root.text}, of which ${file} creates an application, was not found${path ? ` in ${path.slice(1)}` : ''}`,
    );
  }
  return [`${path}#${name}`, found];
}

/** Resolves an import as the compiler does. A path from the root of the project, such as `src/app.module`, is found too. */
function resolved(tree: Tree, from: string, module: string): string | undefined {
  const options = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    paths: { '*': ['/*'] },
  };
  const host = {
    getCurrentDirectory: () => '/',
    fileExists: (path: string) => tree.exists(path),
    readFile: (path: string) => textOf(tree, path),
  };
  return ts.resolveModuleName(module, from, options, host).resolvedModule?.resolvedFileName;
}

function classIn({ statements }: SourceFile, name: string): ClassDeclaration | undefined {
  return statements
    .filter(ts.isClassDeclaration)
    .find((one) => (name === 'default' ? isDefault(one) : one.name?.text === name));
}

function isDefault({ modifiers }: ClassDeclaration): boolean {
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true;
}
