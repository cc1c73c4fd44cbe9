import { randomInt } from 'node:crypto';
import fc from 'fast-check';

const { FC_SEED = '20261123', FC_RUNS = '100', FC_SECONDS } = process.env;

/**
 * Property tests get the same generated values in every run. So if a test begins to fail, the cause is a change
 * of the code. Set `FC_SEED` to another number for other values, or to `random` for new values each time.
 * `FC_RUNS` is the number of values for each property. `FC_SECONDS` limits the time for each property. The
 * message of a failure contains the seed.
 */
fc.configureGlobal({
  seed: FC_SEED === 'random' ? randomInt(2 ** 31) : Number(FC_SEED),
  numRuns: Number(FC_RUNS),
  // This option is deprecated. The plugin that replaces it would have to be passed to every `fc.assert()`.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  interruptAfterTimeLimit: FC_SECONDS === undefined ? undefined : Number(FC_SECONDS) * 1000,
});
