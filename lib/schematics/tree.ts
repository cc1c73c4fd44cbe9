/** The part of DevKit's `Tree` that is used: the files of the project, with paths from its root. */
export interface Tree {
  exists(path: string): boolean;
  read(path: string): Buffer | null;
  overwrite(path: string, content: string): void;
  getDir(path: string): Folder;
}

/** The part of DevKit's `DirEntry` that is used. */
export interface Folder {
  readonly path: string;
  readonly subfiles: readonly string[];
  readonly subdirs: readonly string[];
  dir(name: string): Folder;
}

/** The part of DevKit's `SchematicContext` that is used. */
export interface Context {
  readonly logger: { info(message: string): void };
}

/** Returns the text of a file, or an empty text if there is none. */
export function textOf(tree: Tree, path: string): string {
  return tree.read(path)?.toString('utf8') ?? '';
}
