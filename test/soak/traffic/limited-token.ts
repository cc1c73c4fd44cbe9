import { CLOCK_TOLERANCE } from '../settings.js';
import type { Tokens } from '../world/tokens.js';
import type { World } from '../world/world.js';
import { anyTokens, anyUser, get, type Kind } from './make-probe.js';

/** The seconds from the issue of a token to its `exp`. The token is also used after its `exp`. */
const SECONDS = 6;
/** The seconds in which both answers are right, because jose rounds the clock down to whole seconds. */
const ROUNDING = 1;
const KEPT = 5;

interface Limited {
  token: string;
  user: string;
  tokens: Tokens;
  expiresAt: number;
}

const limited = new WeakMap<World, Limited[]>();

/** Makes requests with tokens that expire while they are in use and in the server's token cache. */
export const LIMITED: Kind = (world) => {
  const kept = (limited.get(world) ?? []).filter((one) => isOfUse(one, world));
  limited.set(world, kept);
  const made = kept.length < KEPT ? make(world) : undefined;
  if (made) {
    kept.push(made);
  }
  const chosen = made ?? kept[Math.floor(Math.random() * kept.length)];
  return (
    chosen && {
      ...get('notes', chosen.token, 200, chosen),
      verdict: () => verdict(chosen),
    }
  );
};

function make(world: World): Limited | undefined {
  const [user, tokens] = [anyUser(), anyTokens(world)];
  const expiresAt = Math.floor(Date.now() / 1000) + SECONDS;
  return tokens && { token: tokens.mint('none', user, SECONDS), user, tokens, expiresAt };
}

/** Returns `false` for a token that expired long ago, or whose key is withdrawn, which would cause a fetch. */
function isOfUse({ expiresAt, tokens }: Limited, { accepted, fresh }: World): boolean {
  const isPublished = tokens === fresh || accepted.includes(tokens);
  return isPublished && Date.now() / 1000 < expiresAt + CLOCK_TOLERANCE + SECONDS;
}

function verdict({ expiresAt }: Limited): number[] {
  const late = Date.now() / 1000 - expiresAt - CLOCK_TOLERANCE;
  return late < 0 ? [200] : late < ROUNDING ? [200, 401] : [401];
}
