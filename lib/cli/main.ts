#!/usr/bin/env node
import process from 'node:process';
import { commands } from './commands.js';
import { run } from './run.js';

process.exitCode = await run(commands, process.argv.slice(2), process);
