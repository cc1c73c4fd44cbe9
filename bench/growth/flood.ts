import { Requests } from '../harness/requests.js';
import { section, type Part } from '../harness/report.js';
import { Server } from '../harness/server.js';
import { withUnknownKeyId, type TokenIssuer } from '../harness/token-issuer.js';

const FETCHES = 3;
const BATCH = 2000;

/** Strangers send key ids that the JWK Set does not have, each a new one, as fast as they can. */
export async function floodOfKeyIds(issuer: TokenIssuer, seconds: number): Promise<Part> {
  const server = await Server.start('ours', issuer.setup);
  const tokens = await issuer.mint({ algorithm: 'RS256', count: BATCH + 1 });
  const [good = '', ...models] = tokens;
  const customer = Requests.withTokens([good]);
  const fetchesBefore = await issuer.jwksFetches();
  const start = performance.now();
  let sent = 0;
  let busy = 0;
  while (performance.now() - start < seconds * 1000) {
    const strangers = Requests.withTokens(models.map(withUnknownKeyId), 401);
    const { perSecond } = await server.measure(strangers, BATCH);
    await server.measure(customer, 1);
    sent += BATCH;
    busy += BATCH / perSecond;
  }
  const elapsed = (performance.now() - start) / 1000;
  const fetches = (await issuer.jwksFetches()) - fetchesBefore;
  await server.stop();
  const allowed = FETCHES * Math.ceil(elapsed / 30);
  return {
    text: section(
      'A flood of unknown key ids',
      `${sent} requests with as many key ids in ${elapsed.toFixed(0)} s (${(sent / busy).toFixed(0)} a second): ` +
        `${fetches} fetches of the JWK Set, the first one included. A good token in between was accepted every time.`,
    ),
    targets: [
      {
        what: `Fetches of the JWK Set in a flood of ${elapsed.toFixed(0)} s`,
        wanted: `≤ ${FETCHES} in any 30 s, so ≤ ${allowed}`,
        seen: String(fetches),
        met: fetches <= allowed,
      },
    ],
  };
}
