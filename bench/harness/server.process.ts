// Runs one contender in its own process, or as a worker of a cluster.
import type { AddressInfo } from 'node:net';
import type { Contender, Setup } from '../contenders/contender.js';
import { answer } from './child.js';

const [name, setup] = process.argv.slice(2) as [string, string];
const { create } = (await import(`../contenders/${name}.js`)) as Contender;
const loaded = performance.now();
const app = await create(JSON.parse(setup) as Setup);
// The connections are idle while other contenders are measured, and must stay open.
Object.assign(app.getHttpServer() as object, { keepAliveTimeout: 0, headersTimeout: 0 });
await app.listen(0, '127.0.0.1');
const listening = performance.now();

function usage() {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpu: user + system, memory: rss, heap: heapUsed };
}

const { port } = app.getHttpServer().address() as AddressInfo;
// performance.now() counts from the start of the process.
answer({ port, startUp: listening, creation: listening - loaded }, { usage, collect });

/** Collects the garbage and returns the usage after that. Needs --expose-gc. */
function collect() {
  if (globalThis.gc === undefined) {
    throw new Error('Start this server with --expose-gc.');
  }
  globalThis.gc();
  return usage();
}
