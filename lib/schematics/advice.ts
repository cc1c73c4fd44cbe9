import { createRequire } from 'node:module';
import { importCode, importsCode, registrationCode } from './code.js';
import type { ModuleFlags } from './flags.js';
import { NEST_LAYOUT } from './layout.js';
import { textOf, type Tree } from './tree.js';

const { homepage } = createRequire(import.meta.url)('../../package.json') as { homepage: string };

/** Says what to do after the module was added. */
export function nextSteps(tree: Tree, file: string, { resource }: ModuleFlags): string {
  return [
    `McpAuthModule is in ${file} now. Every handler needs an access token, unless it has @Public().`,
    '',
    'Next:',
    '- Read docs/mcp.md for the controller of an MCP server, and docs/providers for your authorization server.',
    `  If you have none yet, read docs/dev-server.md. ${homepage}`,
    ...jestSteps(tree),
    '- Start the application, and let the doctor ask it as an MCP client would:',
    `  npx nestjs-mcp-auth doctor ${inShell(resource)}`,
  ].join('\n');
}

/** Says what to add by hand if the module could not be added. */
export function byHand(problem: string, flags: ModuleFlags): string {
  const imports = importsCode(registrationCode(flags, NEST_LAYOUT), NEST_LAYOUT);
  return [
    `McpAuthModule was not added, because ${problem}. Add this to your root module by hand:`,
    '',
    importCode(NEST_LAYOUT),
    '',
    '@Module({',
    ...imports.slice(0, -1).map((line) => NEST_LAYOUT.indent + line),
    `${NEST_LAYOUT.indent}],`,
    '})',
  ].join('\n');
}

/** Jest does not load ES modules in CommonJS applications, unless it transforms them. */
function jestSteps(tree: Tree): string[] {
  const manifest = textOf(tree, 'package.json');
  return /"jest"\s*:/.test(manifest) && !/"type"\s*:\s*"module"/.test(manifest)
    ? ['- Jest needs one line in its configuration: see "Install" in README.md']
    : [];
}

/** Writes a word for a shell: in quotes if it has characters that a shell may treat specially. */
function inShell(word: string): string {
  return /^[\w:/.@%+~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
