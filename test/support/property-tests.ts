import { randomInt } from 'node:crypto';
import fc from 'fast-check';

const { FC_SEED = '20261123', FC_RUNS = '100', FC_SECONDS } = process.env;

/**
 * The same values in every run, so that a change is what turns a test red. `FC_SEED` tries others, with
 * `random` each time; `FC_RUNS` tries more of them, for at most `FC_SECONDS` a property. A failure says
 * the seed.
 */
fc.configureGlobal({
  seed: FC_SEED === 'random' ? randomInt(2 ** 31) : Number(FC_SEED),
  numRuns: Number(FC_RUNS),
  // The plugin that replaces it has to be named at each property.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  interruptAfterTimeLimit: FC_SECONDS === undefined ? undefined : Number(FC_SECONDS) * 1000,
});
