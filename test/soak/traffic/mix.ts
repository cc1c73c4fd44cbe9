import type { KindName } from './kinds.js';

/** The weight of each kind of request. */
export type Mix = Readonly<Record<KindName, number>>;

/** The requests that are sent at all times. Steps add the requests that make a server look for keys. */
export const EVERYDAY: Mix = {
  good: 30,
  'good, never seen before': 4,
  'good, for a few seconds': 5,
  'good, of a new key': 0,
  expired: 4,
  forged: 4,
  'wrong audience': 4,
  'wrong issuer': 3,
  malformed: 3,
  unreadable: 1,
  'without a token': 3,
  'missing scope': 4,
  'withdrawn key': 0,
  'unknown key': 0,
  public: 4,
  'public, with a bad token': 2,
  'optional, without a token': 4,
  'optional, with a token': 4,
  'optional, with an expired token': 2,
  'MCP: tool': 10,
  'MCP: tool, missing scope': 4,
  'MCP: tool, expired token': 2,
  'MCP: without a token': 2,
  'MCP: not JSON-RPC': 1,
  'MCP: opens a session': 2,
  'MCP: own session': 3,
  "MCP: another's session": 2,
  'MCP: ends a session': 2,
};

export function pick(mix: Mix): KindName {
  const kinds = Object.entries(mix) as [KindName, number][];
  let left = Math.random() * kinds.reduce((sum, [, weight]) => sum + weight, 0);
  const [chosen] = kinds.find(([, weight]) => (left -= weight) < 0) ?? ['good' as const];
  return chosen;
}
