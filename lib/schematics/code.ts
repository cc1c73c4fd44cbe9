import type { ModuleFlags } from './flags.js';
import type { Layout } from './layout.js';
import { MODULE, PACKAGE } from './registration.js';

/** Returns the import of the module class. */
export function importCode({ quote, semicolon }: Layout): string {
  return `import { ${MODULE} } from ${quote}${PACKAGE}${quote}${semicolon}`;
}

/**
 * Returns the lines of a registration, as an item of `imports`.
 *
 * @param name - the name of the module class in the file
 */
export function registrationCode(
  { issuer, resource }: ModuleFlags,
  { indent, quote }: Layout,
  name = MODULE,
): string[] {
  const literal = (text: string) => quote + text.replaceAll(/[\\'"]/g, '\\$&') + quote;
  return [
    `${name}.forRoot({`,
    `${indent}protectedResources: {`,
    `${indent.repeat(2)}metadata: {`,
    `${indent.repeat(3)}resource: ${literal(resource)},`,
    `${indent.repeat(3)}authorizationServers: [${literal(issuer)}],`,
    `${indent.repeat(2)}},`,
    `${indent}},`,
    '})',
  ];
}

/** Returns the lines of the property `imports` with one item. */
export function importsCode(item: readonly string[], { indent }: Layout): string[] {
  const lines = item.map((line) => indent + line);
  return ['imports: [', ...lines.slice(0, -1), `${lines.at(-1) ?? ''},`, ']'];
}
