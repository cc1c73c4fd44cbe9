// jest-circus, but after the first test that fails for a mutant, it runs no further tests of this mutant. Stryker
// needs the word "jest-circus" in the name of this file. From it, Stryker knows that it can find out which test runs.
const { createEmptyTestResult } = require('@jest/test-result');
const circus = require('jest-circus/runner').default;

const NOT_RUN = { status: 'pending', ancestorTitles: [], failureMessages: [], failureDetails: [] };

/** The last mutant that a test has noticed. */
let killed;

module.exports = async (globalConfig, config, environment, runtime, testPath, send) => {
  const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
  if (mutant === undefined) {
    return circus(globalConfig, config, environment, runtime, testPath, send);
  }
  if (killed === mutant) {
    return { ...createEmptyTestResult(), testFilePath: testPath, testResults: [NOT_RUN] };
  }
  const handle = environment.handleTestEvent?.bind(environment);
  environment.handleTestEvent = async (event, state) => {
    await handle?.(event, state);
    if (event.name === 'test_done' && event.test.errors.length > 0) {
      killed = mutant;
    } else if (killed === mutant && event.name === 'test_start') {
      event.test.mode = 'skip';
    } else if (killed === mutant && event.name === 'run_describe_start') {
      event.describeBlock.mode = 'skip';
    }
  };
  return circus(globalConfig, config, environment, runtime, testPath, send);
};
