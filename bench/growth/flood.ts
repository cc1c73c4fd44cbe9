import { Requests } from '../harness/requests.js';
import { section, type Part } from '../harness/report.js';
import { Server } from '../harness/server.js';
import { withUnknownKeyId, type TokenIssuer } from '../harness/token-issuer.js';

const FETCHES = 3;
const BATCH = 2000;

/** Sends tokens as fast as possible, each with a new key id that the JWK Set does not have. */
export async function floodOfKeyIds(issuer: TokenIssuer, seconds: number): Promise<Part> {
  const server = await Server.start('ours', issuer.setup);
  const tokens = await issuer.mint({ algorithm: 'RS256', count: BATCH + 1 });
  const [good = '', ...models] = tokens;
  const valid = Requests.withTokens([good]);
  const fetchesBefore = await issuer.jwksFetches();
  const start = performance.now();
  let sent = 0;
  let busy = 0;
  while (performance.now() - start < seconds * 1000) {
    const unknown = Requests.withTokens(models.map(withUnknownKeyId), 401);
    const { perSecond } = await server.measure(unknown, BATCH);
    await server.measure(valid, 1);
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
      `${sent} requests in ${elapsed.toFixed(0)} s (${(sent / busy).toFixed(0)} per second), each with another key id, caused ` +
        `${fetches} fetches of the JWK Set, including the first one. A good token was sent in between, and was accepted every time.`,
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
