import { parseArgs } from 'node:util';

/** The minutes that all steps together need. */
export const FULL = 5;

const USAGE = `npm run soak [-- --minutes <n>]
  --minutes <n>   2 to 600, ${FULL} by default; with less, steps are left out and nothing is written`;

/** Returns the minutes to run, from the arguments of the command. */
export function readMinutes(): number {
  try {
    const { values } = parseArgs({ options: { minutes: { type: 'string', default: `${FULL}` } } });
    const minutes = Number(values.minutes);
    if (!(minutes >= 2 && minutes <= 600)) {
      throw new Error(`--minutes must be a number from 2 to 600 (given: ${values.minutes}).`);
    }
    return minutes;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
