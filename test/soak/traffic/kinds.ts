import { malformedToken, type Flaw, type Tokens } from '../world/tokens.js';
import type { World } from '../world/world.js';
import { LIMITED } from './limited-token.js';
import { MCP } from './mcp-kinds.js';
import { anyTokens, anyUser, get, type Kind } from './make-probe.js';

function withToken(flaw: Flaw, verdict: number, route = 'notes'): Kind {
  return (world) => {
    const [user, tokens] = [anyUser(), anyTokens(world)];
    return tokens && get(route, tokens.get(flaw, user), verdict, { user, tokens });
  };
}

/** Makes requests with good tokens of certain keys, if there are such keys. */
function good(of: (world: World) => Tokens | undefined): Kind {
  return (world) => {
    const [user, tokens] = [anyUser(), of(world)];
    return tokens && get('notes', tokens.get('none', user), 200, { user, tokens });
  };
}

/**
 * The kinds of requests. Most tokens name a key of the authorization server; for `unknown key`, they name a key
 * that the authorization server never had.
 */
export const KINDS = {
  good: withToken('none', 200),
  'good, never seen before': (world) => {
    const [user, tokens] = [anyUser(), anyTokens(world)];
    return tokens && get('notes', tokens.mint('none', user), 200, { user, tokens });
  },
  'good, for a few seconds': LIMITED,
  'good, of a new key': good(({ fresh }) => fresh),
  expired: withToken('expired', 401),
  forged: withToken('forged', 401),
  'wrong audience': withToken('wrong audience', 401),
  'wrong issuer': (world) => {
    const token = anyTokens(world)?.get('wrong issuer', anyUser());
    return get('notes', token, 401);
  },
  malformed: () => get('notes', malformedToken(), 401),
  unreadable: () => get('notes', 'one two', 400),
  'without a token': () => get('notes', undefined, 401),
  'missing scope': withToken('no scope', 403),
  'withdrawn key': good(({ retired }) => retired),
  'unknown key': good(({ strangers }) => strangers),
  public: () => get('public', undefined, 200),
  'public, with a bad token': () => get('public', malformedToken(), 200),
  'optional, without a token': () => get('front-page', undefined, 200),
  'optional, with a token': withToken('none', 200, 'front-page'),
  'optional, with an expired token': withToken('expired', 401, 'front-page'),
  ...MCP,
} satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;
