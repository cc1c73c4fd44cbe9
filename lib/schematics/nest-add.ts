import { addModule } from './add-module.js';
import { byHand, nextSteps } from './advice.js';
import { checkedFlags, type Flags, type ModuleFlags } from './flags.js';
import { NotUnderstoodError } from './not-understood.error.js';
import { MODULE, registrationIn } from './registration.js';
import { FACTORY, findRootModule } from './root-module.js';
import { pathOf, sourcesWith } from './sources.js';
import type { Context, Tree } from './tree.js';

/** The schematic that `nest add nestjs-mcp-auth` runs: it registers the module in the root module. */
export function nestAdd(flags: Flags): (tree: Tree, context: Context) => void {
  return (tree, { logger }) => {
    const registered = registration(tree, flags.sourceRoot);
    logger.info(registered ?? added(tree, flags.sourceRoot, checkedFlags(flags)));
  };
}

/** Says where the module is registered already. */
function registration(tree: Tree, sourceRoot: string): string | undefined {
  for (const source of sourcesWith(tree, sourceRoot, MODULE)) {
    const call = registrationIn(source);
    if (call !== undefined) {
      return `${pathOf(source)} has ${call}() already, so nothing was changed.`;
    }
  }
  return undefined;
}

function added(tree: Tree, sourceRoot: string, flags: ModuleFlags): string {
  try {
    const module = findRootModule(tree, sourceRoot, sourcesWith(tree, sourceRoot, FACTORY));
    addModule(tree, module, flags);
    return nextSteps(tree, pathOf(module.getSourceFile()), flags);
  } catch (error) {
    throw error instanceof NotUnderstoodError ? new Error(byHand(error.message, flags)) : error;
  }
}
