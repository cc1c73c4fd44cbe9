import { Requests } from '../harness/requests.js';
import { Server } from '../harness/server.js';
import { spread } from '../harness/statistics.js';

/** Measures how fast the load generator is with a server that does not parse requests. */
export async function generatorCeiling(token: string): Promise<string> {
  const server = await Server.start('canned', undefined, { file: 'canned.process' });
  const requests = Requests.withTokens([token]);
  const samples = [];
  for (let slice = 0; slice < 6; slice++) {
    samples.push(await server.measure(requests, 4000));
  }
  await server.stop();
  const { median } = spread(samples.slice(2).map(({ perSecond }) => perSecond));
  return `The load generator reaches ${(median / 1000).toFixed(1)} k requests/s with a server that sends a fixed response and does not parse requests.`;
}
