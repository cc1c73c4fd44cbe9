import type { ClassDeclaration, SourceFile } from 'typescript';
import { importCode, importsCode, registrationCode } from './code.js';
import { appendImport, appendItem, applyEdits } from './edits.js';
import type { ModuleFlags } from './flags.js';
import { layoutOf } from './layout.js';
import { importsOf } from './module-metadata.js';
import { NotUnderstoodError } from './not-understood.error.js';
import { MODULE, moduleImport } from './registration.js';
import { nodesIn, pathOf } from './sources.js';
import type { Tree } from './tree.js';
import { ts } from './typescript.js';

/** Syntax errors are on each parsed file, but not in its type. A program that returns them would need a host. */
interface ParsedFile extends SourceFile {
  readonly parseDiagnostics: readonly unknown[];
}

/**
 * Adds McpAuthModule to the imports of a module.
 *
 * @throws NotUnderstoodError if that could change the meaning of the other code
 */
export function addModule(tree: Tree, module: ClassDeclaration, flags: ModuleFlags): void {
  const source = module.getSourceFile();
  assertReadable(tree, source);
  const list = importsOf(module);
  const layout = layoutOf(source);
  const name = moduleImport(source)?.local;
  if (name === undefined) {
    assertFree(source);
  }
  const item = registrationCode(flags, layout, name);
  const lines = ts.isArrayLiteralExpression(list) ? item : importsCode(item, layout);
  const edits = [
    ...(name === undefined ? [appendImport(source, importCode(layout), layout)] : []),
    ...appendItem(list, lines, layout),
  ];
  tree.overwrite(source.fileName, applyEdits(source.text, edits));
}

/** The parser makes a tree of any text. It would guess where a bracket that is missing belongs. */
function assertReadable(tree: Tree, source: SourceFile): void {
  if (tree.read(source.fileName)?.equals(Buffer.from(source.text)) !== true) {
    throw new NotUnderstoodError(`${pathOf(source)} is not encoded in UTF-8`);
  }
  if ((source as ParsedFile).parseDiagnostics.length > 0) {
    throw new NotUnderstoodError(`${pathOf(source)} has a syntax error`);
  }
}

function assertFree(source: SourceFile): void {
  for (const node of nodesIn(source)) {
    if (ts.isIdentifier(node) && node.text === MODULE) {
      throw new NotUnderstoodError(`${pathOf(source)} uses the name ${MODULE} for something else`);
    }
  }
}
