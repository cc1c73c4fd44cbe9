const FIRST = 5_000;
const LONGEST = 5 * 60_000;

/**
 * How many milliseconds to leave a server alone after so many failures in a row: twice as long each
 * time, up to five minutes, less a random part of up to a half, so that instances do not retry in step.
 */
export function backoff(failures: number, random: () => number = Math.random): number {
  return Math.min(LONGEST, FIRST * 2 ** (failures - 1)) * (1 - random() / 2);
}
