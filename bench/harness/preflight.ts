import { ALGORITHMS, type Algorithm } from '../contenders/contender.js';
import type { Description } from './contenders.js';
import { Requests } from './requests.js';
import type { Server } from './server.js';
import type { TokenIssuer } from './token-issuer.js';

const ANSWER = '[{"id":1}]';

/** The result by algorithm: `undefined` if a good token was accepted, else the reason why it was not. */
export type Support = ReadonlyMap<Algorithm, string | undefined>;

/**
 * Checks that a contender accepts good tokens and rejects bad ones. Otherwise its numbers would mean nothing.
 * A peer may lack an algorithm, and then rejects a good token of it. Any other problem ends the run.
 */
export async function check(
  contender: Description,
  server: Server,
  issuer: TokenIssuer,
): Promise<Support> {
  const support = new Map<Algorithm, string | undefined>();
  for (const algorithm of ALGORITHMS) {
    support.set(algorithm, await problemWith(algorithm, server, issuer));
  }
  const problems = [...support.values()].filter((problem) => problem !== undefined);
  const isPartial = contender.isPeer === true && problems.length < support.size;
  if (problems.length > 0 && !isPartial) {
    throw new Error(
      `${contender.name} rejects a good token: ${problems.join('; ')}. The run ends here.`,
    );
  }
  if (contender.baseline !== undefined && contender.isOpen !== true) {
    await assertRejections(server, issuer);
  }
  return support;
}

async function problemWith(
  algorithm: Algorithm,
  server: Server,
  issuer: TokenIssuer,
): Promise<string | undefined> {
  const [token = ''] = await issuer.mint({ algorithm, count: 1 });
  const { status, body } = await server.one(request(token));
  if (status === 200 && body !== ANSWER) {
    throw new Error(`${server.name} answers ${body}, not ${ANSWER}: it does not see the caller.`);
  }
  return status === 200 ? undefined : `answers a good ${algorithm} token with ${status}`;
}

async function assertRejections(server: Server, issuer: TokenIssuer): Promise<void> {
  await assertRejected(server, 'no token', undefined, [401]);
  for (const algorithm of ALGORITHMS) {
    const [forged] = await issuer.mint({ algorithm, count: 1, forged: true });
    await assertRejected(server, `a forged ${algorithm} token`, forged, [401]);
  }
  const [underScoped] = await issuer.mint({ algorithm: 'RS256', count: 1, scope: 'other' });
  await assertRejected(server, 'a token without the scope', underScoped, [403]);
}

async function assertRejected(
  server: Server,
  what: string,
  token: string | undefined,
  wanted: readonly number[],
): Promise<void> {
  const { status } = await server.one(request(token));
  if (!wanted.includes(status)) {
    throw new Error(
      `${server.name} answers ${what} with ${status}, not ${wanted.join()}. The run ends here.`,
    );
  }
}

function request(token: string | undefined): Buffer {
  return Requests.get('/notes', token === undefined ? {} : { Authorization: `Bearer ${token}` });
}
