import type { Answer } from './ask.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';

const CHECK = 'clock';
const REMEDY = 'Set the clocks of both machines, for example with NTP.';
/** The greatest difference in seconds that is normal: `Date` has whole seconds, and the answer was on its way. */
const NOTICEABLE = 5;
/** The difference in seconds above which servers reject tokens as expired, or as not valid yet. */
const HARMFUL = 60;

/** Compares the clock of the server, which it sends as `Date`, with the clock of this machine. */
export function clock({ headers, at }: Answer): Finding {
  const date = Date.parse(headers.date ?? '');
  if (Number.isNaN(date)) {
    return skipped(CHECK, 'The server sends no Date.');
  }
  const seconds = Math.round((date - at) / 1000);
  const difference = Math.abs(seconds);
  if (difference <= NOTICEABLE) {
    return ok(
      CHECK,
      `The clocks of the server and of this machine differ by at most ${NOTICEABLE} s.`,
    );
  }
  const direction = seconds > 0 ? 'ahead of' : 'behind';
  const description = `The clock of the server is ${difference} s ${direction} the clock of this machine.`;
  return (difference > HARMFUL ? problem : warning)(CHECK, description, REMEDY);
}
