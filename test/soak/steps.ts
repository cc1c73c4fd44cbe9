import { setTimeout } from 'node:timers/promises';
import { FETCH_WINDOW } from './settings.js';
import { EVERYDAY, type Mix } from './traffic/mix.js';
import type { Place } from './place.js';

/** An outage of the authorization servers, a change of their keys, or a flood of unknown keys. */
export interface Step {
  name: string;
  /** The approximate duration. */
  seconds: number;
  run: (places: readonly Place[]) => Promise<void>;
}

const SECOND = 1000;
const FAULTS = ['hangs before its headers', 'answers 500', 'drips its body'];

/** @param dwell - for how many seconds each fault lasts */
export function steps(dwell: number): Step[] {
  return [
    {
      name: `outage: refuses connections, ${FAULTS.join(', ')}; a rotation amid it`,
      seconds: dwell * (FAULTS.length + 1) + 45,
      run: (places) => outage(places, dwell),
    },
    { name: 'rotation, the old key stays', seconds: 37, run: (places) => rotation(places, false) },
    { name: 'rotation, the old key goes', seconds: 37, run: (places) => rotation(places, true) },
    { name: 'flood of unknown keys, a rotation amid it', seconds: 45, run: flood },
  ];
}

/** Sends requests while the authorization servers are still down, starts these, and waits until all servers work. */
export async function coldStart(places: readonly Place[]): Promise<void> {
  mix(places, { 'unknown key': 6 });
  await setTimeout(5 * SECOND);
  await comeBack(places);
}

async function outage(places: readonly Place[], dwell: number): Promise<void> {
  await calm(places);
  await each(places, async ({ world }) => {
    const closed = world.authorizationServer.down();
    world.rotate({ withdraw: false });
    world.change('down');
    await closed;
  });
  mix(places, { 'unknown key': 6, 'good, of a new key': 4 });
  await setTimeout(dwell * SECOND);
  for (const fault of FAULTS) {
    await each(places, ({ world }) => world.authorizationServer.fail(fault));
    await setTimeout(dwell * SECOND);
  }
  await comeBack(places);
}

async function comeBack(places: readonly Place[]): Promise<void> {
  await each(places, async ({ world }) => {
    world.change('back');
    await world.authorizationServer.up();
  });
  await allWell(places);
}

async function rotation(places: readonly Place[], withdraw: boolean): Promise<void> {
  await calm(places);
  mix(places, { 'good, of a new key': 20, 'withdrawn key': withdraw ? 20 : 0 });
  await each(places, async ({ world }) => world.rotate({ withdraw }));
  await setTimeout(6 * SECOND);
}

async function flood(places: readonly Place[]): Promise<void> {
  mix(places, { 'unknown key': 50, 'good, of a new key': 4 });
  await setTimeout(10 * SECOND);
  await each(places, async ({ world }) => {
    world.rotate({ withdraw: false });
    world.change('flooded');
  });
  await allWell(places);
}

/** Waits until no earlier fetch limits what a server may fetch now. */
async function calm(places: readonly Place[]): Promise<void> {
  mix(places, {});
  places.forEach(({ world }) => (world.retired = undefined));
  while (!places.every(({ world }) => world.isRested(FETCH_WINDOW + SECOND))) {
    await setTimeout(SECOND / 10);
  }
}

/** Waits until all servers work again. {@link World} ends this wait at a deadline. */
async function allWell(places: readonly Place[]): Promise<void> {
  while (!places.every(({ world }) => world.situation === 'up')) {
    await setTimeout(SECOND / 10);
  }
}

function mix(places: readonly Place[], more: Partial<Mix>): void {
  places.forEach(({ load }) => (load.mix = { ...EVERYDAY, ...more }));
}

async function each(
  places: readonly Place[],
  action: (place: Place) => Promise<unknown>,
): Promise<void> {
  await Promise.all(places.map(action));
}
