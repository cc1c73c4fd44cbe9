import type {
  ArrayLiteralExpression,
  ClassDeclaration,
  ObjectLiteralElementLike,
  ObjectLiteralExpression,
} from 'typescript';
import { NotUnderstoodError } from './not-understood.error.js';
import { pathOf } from './sources.js';
import { ts } from './typescript.js';

/**
 * Returns the array `imports` of a module, or the object that lacks it.
 *
 * @throws NotUnderstoodError if the metadata is not written as literals
 */
export function importsOf(
  module: ClassDeclaration,
): ArrayLiteralExpression | ObjectLiteralExpression {
  const metadata = metadataOf(module);
  const { properties } = metadata;
  const index = properties.findIndex((property) => nameOf(property) === 'imports');
  // A property takes effect only if no later one has the same name.
  if (properties.slice(index + 1).some((property) => nameOf(property) === undefined)) {
    throw notUnderstood(module, 'contains a spread or a computed name, which may set "imports"');
  }
  const property = properties[index];
  if (property === undefined) {
    return metadata;
  }
  if (!ts.isPropertyAssignment(property) || !ts.isArrayLiteralExpression(property.initializer)) {
    throw notUnderstood(module, 'has "imports" that are not written as an array');
  }
  return property.initializer;
}

function metadataOf(module: ClassDeclaration): ObjectLiteralExpression {
  const [metadata] = (ts.getDecorators(module) ?? [])
    .map(({ expression }) => expression)
    .filter(ts.isCallExpression)
    .filter(({ expression }) => expression.getText() === 'Module')
    .flatMap((call) => [...call.arguments]);
  if (metadata === undefined || !ts.isObjectLiteralExpression(metadata)) {
    throw notUnderstood(module, 'is not written as an object');
  }
  return metadata;
}

function nameOf({ name }: ObjectLiteralElementLike): string | undefined {
  return name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : undefined;
}

function notUnderstood(module: ClassDeclaration, problem: string): NotUnderstoodError {
  const file = pathOf(module.getSourceFile());
  const name = module.name?.text ?? 'the default export';
  return new NotUnderstoodError(`the argument of @Module() at ${name} in ${file} ${problem}`);
}
