import { ALGORITHMS, type Algorithm } from '../contenders/contender.js';
import type { Description } from './contenders.js';
import { Requests } from './requests.js';
import type { Server } from './server.js';
import type { TokenIssuer } from './token-issuer.js';

const ANSWER = '[{"id":1}]';

/** By algorithm: nothing where all is well, else why the contender cannot take part. */
export type Support = ReadonlyMap<Algorithm, string | undefined>;

/**
 * A number means nothing unless the contender lets in whom it should and nobody else. A peer may
 * lack an algorithm, which is seen by its refusing a good token; all else ends the run.
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
    throw new Error(`${contender.name} refuses a good token: ${problems.join('; ')}. No run.`);
  }
  if (contender.baseline !== undefined && contender.isOpen !== true) {
    await refusesStrangers(server, issuer);
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

async function refusesStrangers(server: Server, issuer: TokenIssuer): Promise<void> {
  await refuses(server, 'no token', undefined, [401]);
  for (const algorithm of ALGORITHMS) {
    const [forged] = await issuer.mint({ algorithm, count: 1, forged: true });
    await refuses(server, `a forged ${algorithm} token`, forged, [401]);
  }
  const [underScoped] = await issuer.mint({ algorithm: 'RS256', count: 1, scope: 'other' });
  await refuses(server, 'a token without the scope', underScoped, [403]);
}

async function refuses(
  server: Server,
  what: string,
  token: string | undefined,
  wanted: readonly number[],
): Promise<void> {
  const { status } = await server.one(request(token));
  if (!wanted.includes(status)) {
    throw new Error(`${server.name} answers ${what} with ${status}, not ${wanted.join()}. No run.`);
  }
}

function request(token: string | undefined): Buffer {
  return Requests.get('/notes', token === undefined ? {} : { Authorization: `Bearer ${token}` });
}
