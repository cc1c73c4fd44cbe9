import path from 'node:path';
import ts from 'typescript';
import { entryPoints } from './tarball.mjs';

/** Returns `true` also for a member that a base class or an interface documents, because editors show that text. */
const isDocumented = (checker, symbol) =>
  symbol.getDocumentationComment(checker).length > 0 || symbol.getJsDocTags(checker).length > 0;

/** Returns `true` for a symbol of another package, which documents its members itself. */
const isForeign = ({ declarations = [] }) =>
  declarations.every((node) => node.getSourceFile().fileName.includes('/node_modules/'));

/** The methods that Nest calls, never a user. */
const HOOKS = new Set(['configure', 'onModuleInit', 'onModuleDestroy', 'onApplicationShutdown']);

/**
 * Returns the members that an exported type declares and shows. It omits the members of a type with an index
 * signature, whose fields a standard describes, and members of type `never`, which users cannot set.
 */
function membersOf(checker, symbol) {
  const declarations = symbol.declarations ?? [];
  if (declarations.some(ts.isTypeAliasDeclaration)) return fieldsOf(checker, symbol);
  const members = declarations
    .filter((node) => ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node))
    .flatMap((node) => [...node.members]);
  if (members.some(ts.isIndexSignatureDeclaration)) return [];
  return members.filter((member) => member.name && !isHidden(member)).map(({ symbol }) => symbol);
}

/** Returns the fields of an alias that names an object type, without foreign fields and fields that users cannot set. */
function fieldsOf(checker, symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const isDocument = checker.getIndexInfosOfType(type).length > 0;
  if (isDocument || !(type.flags & ts.TypeFlags.Object)) return [];
  const isLeftOut = (field) =>
    (checker.getTypeOfSymbol(field).flags & (ts.TypeFlags.Never | ts.TypeFlags.Undefined)) !== 0;
  return type.getProperties().filter((field) => !isForeign(field) && !isLeftOut(field));
}

function isHidden(member) {
  const isPrivate =
    ts.isPrivateIdentifier(member.name) ||
    (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) !== 0;
  return (
    isPrivate ||
    HOOKS.has(member.name.getText()) ||
    member.type?.kind === ts.SyntaxKind.NeverKeyword
  );
}

/** Checks that the published types have a doc comment for each exported name and for each member of an exported type. */
export async function checkDocumentation({ unpacked }) {
  const entries = await entryPoints(unpacked);
  const files = entries.map(({ types }) => path.join(unpacked, types));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const undocumented = [];
  let count = 0;
  for (const [index, { subpath }] of entries.entries()) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(files[index]));
    for (const exported of checker.getExportsOfModule(module)) {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
      count += 1;
      if (!isDocumented(checker, symbol)) undocumented.push(`${subpath} ${exported.name}`);
      for (const member of membersOf(checker, symbol)) {
        if (!isDocumented(checker, member))
          undocumented.push(`${subpath} ${exported.name}.${member.name}`);
      }
    }
  }
  if (undocumented.length > 0) throw new Error(`no doc comment:\n${undocumented.join('\n')}`);
  return `${count} exports`;
}
