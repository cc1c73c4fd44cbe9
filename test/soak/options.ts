import { parseArgs } from 'node:util';

/** Minutes in which every step has its turn. */
export const FULL = 5;

const USAGE = `npm run soak [-- --minutes <n>]
  --minutes <n>   2 to 600, ${FULL} by default; with less, steps are left out and nothing is written`;

/** For how many minutes to run. */
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
