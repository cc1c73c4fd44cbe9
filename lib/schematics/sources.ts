import { posix } from 'node:path';
import type { Node, SourceFile } from 'typescript';
import { textOf, type Folder, type Tree } from './tree.js';
import { ts } from './typescript.js';

const SOURCE = /(?<!\.d|[.-]spec|[.-]test)\.[cm]?ts$/;
const NO_SOURCES = /^(?:node_modules|\..*)$/;

/** Parses the files of a folder that contain a name. Tests are left out. */
export function sourcesWith(tree: Tree, folder: string, name: string): SourceFile[] {
  return filesIn(tree.getDir(folder))
    .filter((path) => textOf(tree, path).includes(name))
    .map((path) => sourceAt(tree, path));
}

/** Parses a file. */
export function sourceAt(tree: Tree, path: string): SourceFile {
  return ts.createSourceFile(path, textOf(tree, path), ts.ScriptTarget.Latest, true);
}

/** Returns the path of a file as its user knows it. */
export function pathOf({ fileName }: SourceFile): string {
  return fileName.slice(1);
}

/** Returns a node and all nodes in it. */
export function* nodesIn(node: Node): Generator<Node> {
  yield node;
  const children: Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) {
    yield* nodesIn(child);
  }
}

function filesIn(folder: Folder): string[] {
  return [
    ...folder.subfiles
      .filter((name) => SOURCE.test(name))
      .map((name) => posix.join(folder.path, name)),
    ...folder.subdirs
      .filter((name) => !NO_SOURCES.test(name))
      .flatMap((name) => filesIn(folder.dir(name))),
  ];
}
