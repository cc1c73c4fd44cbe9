import { check } from './check.command.js';
import type { Command } from './command.js';
import { devServer } from './dev-server.command.js';
import { doctor } from './doctor.command.js';

/** The commands of `npx nestjs-mcp-auth`, in the order of the help. */
export const commands: readonly Command[] = [devServer, doctor, check];
