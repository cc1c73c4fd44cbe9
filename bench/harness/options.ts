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
  --quick            a short run, to see that all works; its numbers are noise
  --rounds <n>       rounds that are measured
  --starts <n>       how often all servers are started anew
  --slice <n>        requests in a slice
  --only <name>      this contender and those it is held against; "mcp": requests to an MCP server;
                     "dpop": requests with a DPoP proof; "observers": with what listens to the
                     guard; "hostile": the requests made to take long
  --profile <name>   a CPU profile of this contender, and no table
  --against <ref>    this library and that of a commit, tag or branch, and no peers; with --only,
                     one contender of this library
  --out <file>       where to write the report`;

/** @param full - how much a run that is not quick does */
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

/** @returns the value, if it is one of those allowed */
export function oneOf(option: string, value: string, allowed: readonly string[]): string {
  if (!allowed.includes(value)) {
    console.error(`--${option} ${value}: there is no such contender; take ${allowed.join(', ')}.`);
    process.exit(2);
  }
  return value;
}

function positive(option: string, value: string | undefined): number | undefined {
  if (value !== undefined && !/^[1-9]\d{0,6}$/.test(value)) {
    throw new Error(`--${option} must be a whole number from 1 on (given: ${value}).`);
  }
  return value === undefined ? undefined : Number(value);
}
