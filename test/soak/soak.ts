// Sends mixed traffic to both adapters while their authorization servers fail and rotate their keys. The
// assertions are described in docs/reliability.md. `npm run soak [-- --minutes <n>]`
import { FULL, readMinutes } from './options.js';
import { judge } from './report/bounds.js';
import { Observer } from './report/observer.js';
import { publish } from './report/publish.js';
import { results } from './report/results.js';
import { Violations } from './report/violations.js';
import { recoveries } from './recoveries/recoveries.js';
import { runFor } from './schedule.js';
import { ServerProcess } from './server/server-process.js';
import { KINDS } from './traffic/kinds.js';
import { OpenTraffic } from './traffic/open-traffic.js';
import { Traffic } from './traffic/traffic.js';
import { World } from './world/world.js';

const minutes = readMinutes();
const isFull = minutes >= FULL;
const violations = new Violations();

const worlds = [new World('express', violations, giveUp), new World('fastify', violations, giveUp)];
await Promise.all(worlds.map((world) => world.start()));
const openServer = await ServerProcess.start(['express'], giveUp);

const places = worlds.map((world) => {
  const load = new Traffic(world, violations);
  return { world, server: world.server, load };
});
const open = { server: openServer, load: new OpenTraffic(openServer.port, violations) };
const observer = new Observer([...places, open]);

const [table] = await Promise.all([
  recoveries(isFull ? [1, 3, 10, 60] : [1, 3], violations, giveUp),
  runFor(minutes, places, observer),
]);
places.forEach((place) => {
  judge(place, observer.courseOf(place), observer.courseOf(open), violations);
});
if (isFull) {
  places.forEach(({ world, load }) => {
    const kinds = Object.keys(KINDS).filter((kind) => !load.tally.counts.has(kind));
    kinds.forEach((kind) => violations.add(world.adapter, 'never sent', kind));
  });
}
const report = results(places, open, observer, table);
console.log(`\n${report}\n`);
await Promise.all([openServer.stop(), ...worlds.map((world) => world.stop())]);

if (violations.count > 0) {
  fail();
}
if (isFull) {
  await publish(report, minutes);
}
console.log('The soak passed.');
process.exit();

/** Ends the run with a failure, because a run without all servers would prove nothing. */
function giveUp(what: string): never {
  violations.add('process', 'ended', what);
  return fail();
}

function fail(): never {
  console.error(`The soak failed:\n${violations.list()}`);
  process.exit(1);
}
