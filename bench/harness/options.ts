import { parseArgs } from 'node:util';
import type { Effort } from './rounds.js';

export interface Options extends Effort {
  quick: boolean;
  only: string | undefined;
  profile: string | undefined;
  against: string | undefined;
  out: string | undefined;
}

const USAGE = `Options:
  --quick            a short run, to show that everything works; its numbers are noise
  --rounds <n>       the number of rounds after each start
  --starts <n>       the number of starts, each with new processes
  --slice <n>        the number of requests in a slice
  --only <name>      one contender and its baseline, or one set of requests: "mcp": to an MCP server;
                     "dpop": with a DPoP proof; "observers": with an observer of the guard;
                     "hostile": built to be expensive
  --profile <name>   a CPU profile of one contender, and no table
  --against <ref>    this library and that of a commit, tag or branch, without the peers; with --only,
                     one contender of this library
  --out <file>       the file for the report`;

/**
 * Reads the options of the command line. Prints the usage and exits if an option is wrong.
 *
 * @param full - the effort of a run without `--quick`
 */
export function readOptions(full: Effort, quick: Effort): Options {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        starts: { type: 'string' },
        slice: { type: 'string' },
        only: { type: 'string' },
        profile: { type: 'string' },
        against: { type: 'string' },
        out: { type: 'string' },
      },
    });
    const effort = values.quick ? quick : full;
    return {
      ...effort,
      ...values,
      only: values.only,
      profile: values.profile,
      against: values.against,
      out: values.out,
      quick: values.quick,
      rounds: positive('rounds', values.rounds) ?? effort.rounds,
      starts: positive('starts', values.starts) ?? effort.starts,
      slice: positive('slice', values.slice) ?? effort.slice,
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** Returns an allowed value. Prints the allowed values and exits if it is another one. */
export function oneOf(option: string, value: string, allowed: readonly string[]): string {
  if (!allowed.includes(value)) {
    console.error(`--${option} ${value}: unknown name. Use one of ${allowed.join(', ')}.`);
    process.exit(2);
  }
  return value;
}

function positive(option: string, value: string | undefined): number | undefined {
  if (value !== undefined && !/^[1-9]\d{0,6}$/.test(value)) {
    throw new Error(`--${option} must be a whole number from 1 to 9999999 (given: ${value}).`);
  }
  return value === undefined ? undefined : Number(value);
}
