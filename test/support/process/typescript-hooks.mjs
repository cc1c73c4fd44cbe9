import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const LIB = new URL('../../../lib/', import.meta.url);

export async function resolve(specifier, context, next) {
  const [, subpath = '.'] = /^nestjs-mcp-auth(?:\/(.*))?$/.exec(specifier) ?? [];
  if (specifier.startsWith('nestjs-mcp-auth')) {
    return { url: new URL(`${subpath}/index.ts`, LIB).href, format: 'module', shortCircuit: true };
  }
  const source = /^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts');
  const url = source ? new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL) : undefined;
  return url && existsSync(url)
    ? { url: url.href, format: 'module', shortCircuit: true }
    : next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) {
    return next(url, context);
  }
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), { filename });
  return { format: 'module', source: code, shortCircuit: true };
}
