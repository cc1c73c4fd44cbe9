import path from 'node:path';
import ts from 'typescript';
import { entryPoints } from './tarball.mjs';

/** A member that a base class or an interface documents counts: editors show that text. */
const isDocumented = (checker, symbol) =>
  symbol.getDocumentationComment(checker).length > 0 || symbol.getJsDocTags(checker).length > 0;

/** An alias may stand for a type of another package, which documents its members itself. */
const isForeign = ({ declarations = [] }) =>
  declarations.every((node) => node.getSourceFile().fileName.includes('/node_modules/'));

/** Nest calls these, never a user. */
const HOOKS = new Set(['configure', 'onModuleInit', 'onModuleDestroy', 'onApplicationShutdown']);

/**
 * The members that an exported type declares and shows. A type with an index signature mirrors a
 * document whose fields a standard describes; a member of type `never` is there to be left out.
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

/** An alias may name a mapped type: its fields are those of the type that it maps, but for those to be left out. */
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

/** Each name the package exports, and each member of an exported class or interface, carries its doc comment in the published types. */
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
