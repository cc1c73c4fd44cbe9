import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Requests } from './requests.js';
import { functionTimes, packageTimes } from './self-times.js';
import { Server } from './server.js';
import type { TokenIssuer } from './token-issuer.js';

const folder = fileURLToPath(new URL('../profiles', import.meta.url));

const REQUESTS = 50_000;

/** Writes a CPU profile of a contender, from its start, under 50,000 requests with one token. */
export async function writeProfile(name: string, issuer: TokenIssuer): Promise<void> {
  const execArgv = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`];
  const server = await Server.start(name, issuer.setup, { execArgv });
  const requests = Requests.withTokens(await issuer.mint({ algorithm: 'RS256', count: 1 }));
  const { perSecond, cpu } = await server.measure(requests, REQUESTS);
  await server.stop();
  console.log(`${name}: ${perSecond.toFixed(0)} requests/s, ${cpu.toFixed(1)} µs CPU per request`);
  const file = join(folder, `${name}.cpuprofile`);
  console.log([...functionTimes(file, REQUESTS), '', ...packageTimes(file, REQUESTS)].join('\n'));
  console.log(
    `Written: bench/build/profiles/${name}.cpuprofile (open it in the browser's DevTools)`,
  );
}
