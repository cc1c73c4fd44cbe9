import { posix } from 'node:path';
import type { Folder, Tree } from '../../lib/schematics/tree.js';

/** A tree of files in memory. As in the tree of DevKit, paths begin at the root of the project. */
export class MemoryTree implements Tree {
  private readonly contents: Map<string, Buffer>;

  constructor(files: Record<string, string | Buffer>) {
    this.contents = new Map(
      Object.entries(files).map(([path, content]) => [rooted(path), Buffer.from(content)]),
    );
  }

  /** All files, as text. */
  get files(): Record<string, string> {
    return Object.fromEntries(
      [...this.contents].map(([path, content]) => [path.slice(1), content.toString()]),
    );
  }

  exists(path: string): boolean {
    return this.contents.has(rooted(path));
  }

  read(path: string): Buffer | null {
    return this.contents.get(rooted(path)) ?? null;
  }

  overwrite(path: string, content: string): void {
    this.contents.set(rooted(path), Buffer.from(content));
  }

  getDir(folder: string): Folder {
    const path = rooted(folder);
    const below = [...this.contents.keys()]
      .filter((file) => !posix.relative(path, file).startsWith('..'))
      .map((file) => posix.relative(path, file).split('/'));
    return {
      path,
      subfiles: names(below.filter(({ length }) => length === 1)),
      subdirs: names(below.filter(({ length }) => length > 1)),
      dir: (name) => this.getDir(posix.join(path, name)),
    };
  }
}

const rooted = (path: string): string => posix.join('/', path);

const names = (paths: string[][]): string[] => [...new Set(paths.map(([name = '']) => name))];
