import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface StaticFile {
  type: string;
  text: string;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

/** Reads the files of the page by name. They are served as they are, so they are not in the compiled sample. */
export function readStaticFiles(): ReadonlyMap<string, StaticFile> {
  const root = path.dirname(createRequire(import.meta.url).resolve('nestjs-mcp-auth/package.json'));
  const folder = path.join(root, 'sample/todo-manager/console/public');
  return new Map(
    readdirSync(folder).flatMap((name) => {
      const type = TYPES[path.extname(name)];
      return type === undefined
        ? []
        : [[name, { type, text: readFileSync(path.join(folder, name), 'utf8') }]];
    }),
  );
}
