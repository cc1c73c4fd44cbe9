import fc from 'fast-check';

/**
 * The same values in every run, so that a change is what turns a test red. `FC_SEED` tries others;
 * `FC_RUNS` tries more of them.
 */
fc.configureGlobal({
  seed: Number(process.env.FC_SEED ?? 20_261_123),
  numRuns: Number(process.env.FC_RUNS ?? 100),
});
