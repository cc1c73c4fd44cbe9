import { setTimeout } from 'node:timers/promises';
import { FULL } from './options.js';
import type { Observer } from './report/observer.js';
import { coldStart, steps } from './steps.js';
import type { Place } from './place.js';

const SECOND = 1000;

/** Waits until the servers have started and warmed up. Then runs one step after the other, as long as there is time. */
export async function runFor(
  minutes: number,
  places: readonly Place[],
  observer: Observer,
): Promise<void> {
  const end = performance.now() + minutes * 60 * SECOND;
  const isFull = minutes >= FULL;
  observer.go();
  say('start, while the authorization servers are down');
  await coldStart(places);
  say('warm-up');
  await setTimeout((isFull ? 20 : 5) * SECOND);
  await observer.begin();
  const all = steps(isFull ? 16 : 8);
  for (let turn = 0; ; turn++) {
    const step = all[turn % all.length];
    if (step === undefined || performance.now() + step.seconds * SECOND > end) {
      say(
        `no time left for: ${
          all
            .slice(turn)
            .map(({ name }) => name)
            .join('; ') || 'another turn'
        }`,
      );
      break;
    }
    say(step.name);
    await step.run(places);
  }
  await setTimeout(end - performance.now());
  await observer.end();
}

function say(what: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} ${what}`);
}
