import type { ImportDeclaration, SourceFile } from 'typescript';
import { ts } from './typescript.js';

/** A name that a file imports from a module. */
export interface ImportedName {
  /** The name in this file. */
  readonly local: string;
  /** The name in the module. It is `default` for a default import. */
  readonly exported: string;
  readonly module: string;
  /** `true` if only the type is imported. */
  readonly isType: boolean;
}

/** Returns the names that a file imports, except whole namespaces. */
export function importedNames({ statements }: SourceFile): ImportedName[] {
  return statements.filter(ts.isImportDeclaration).flatMap(namesIn);
}

function namesIn({ importClause, moduleSpecifier }: ImportDeclaration): ImportedName[] {
  if (importClause === undefined || !ts.isStringLiteral(moduleSpecifier)) {
    return [];
  }
  const { name, namedBindings } = importClause;
  const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
  return [...(name ? [importClause] : []), ...named].map((node) => ({
    local: node.name?.text ?? '',
    exported: ts.isImportClause(node) ? 'default' : (node.propertyName ?? node.name).text,
    module: moduleSpecifier.text,
    isType: ts.isTypeOnlyImportDeclaration(node),
  }));
}
