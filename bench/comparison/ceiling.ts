import { Requests } from '../harness/requests.js';
import { Server } from '../harness/server.js';
import { spread } from '../harness/statistics.js';

/** How fast the load generator goes against a server that only writes. */
export async function generatorCeiling(token: string): Promise<string> {
  const server = await Server.start('canned', undefined, { file: 'canned.process' });
  const requests = Requests.withTokens([token]);
  const samples = [];
  for (let slice = 0; slice < 6; slice++) {
    samples.push(await server.measure(requests, 4000));
  }
  await server.stop();
  const { median } = spread(samples.slice(2).map(({ perSecond }) => perSecond));
  return `The load generator reaches ${(median / 1000).toFixed(1)} k requests/s against a server that answers with the same bytes unread.`;
}
