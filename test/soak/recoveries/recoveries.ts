import { setTimeout } from 'node:timers/promises';
import { table } from '../report/table.js';
import type { Violations } from '../report/violations.js';
import { AuthorizationServer } from '../world/authorization-server.js';
import { Lane, type Recovery } from './lane.js';
import { OUTAGES } from './outages.js';

/** The milliseconds in which the other servers start and warm up. */
const HEAD_START = 20_000;

/**
 * Measures each kind of outage at each length, with a separate server for each kind, while the other traffic runs.
 * Returns a table of the times from the end of an outage until a good token was accepted.
 *
 * @param lengths - in seconds
 */
export async function recoveries(
  lengths: readonly number[],
  violations: Violations,
  onEnd: (what: string) => void,
): Promise<string> {
  await setTimeout(HEAD_START);
  const rows = OUTAGES.map(async (outage) => {
    const authorizationServer = new AuthorizationServer();
    await authorizationServer.up();
    const lane = new Lane(authorizationServer, outage, violations, onEnd);
    const seen: Recovery[] = [];
    for (const seconds of lengths) {
      seen.push(...(await lane.live(seconds)));
    }
    await authorizationServer.down();
    const cell = (from: Recovery['from']) => (seconds: number) =>
      inSeconds(seen.find((one) => one.from === from && one.seconds === seconds));
    return [
      outage.name,
      inSeconds({ milliseconds: outage.bound }),
      ...lengths.map(cell('cold')),
      ...lengths.map(cell('cached')),
    ];
  });
  const of = (from: string) => lengths.map((seconds) => `${seconds} s, ${from}`);
  const head = ['It', 'Bound', ...of('at a cold start'), ...of('keys cached, a new one')];
  return table(head, await Promise.all(rows));
}

function inSeconds(recovery: Pick<Recovery, 'milliseconds'> | undefined): string {
  return recovery === undefined ? '' : (recovery.milliseconds / 1000).toFixed(1);
}
