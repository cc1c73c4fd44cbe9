import type { AdapterName } from '../../support/app.js';
import type { Answer } from './answers.js';
import type { Forgery } from './forge.js';
import type { Laboratory } from './laboratory.js';
import { NOTES, type Place } from './places.js';

/** A request that Node's HTTP client sends, or one that is sent byte for byte. */
export type Sent = OrdinaryRequest | RawRequest;

export interface OrdinaryRequest {
  method?: string;
  path: string;
  /** The token, sent as `Authorization: Bearer …`. */
  token?: string;
  /** The names and values of header fields in turn. A name may occur twice. */
  headers?: readonly string[];
  body?: string | Buffer;
}

export interface RawRequest {
  /** All bytes of the request, which is sent on a connection of its own. */
  raw: string | Buffer;
}

/** A request of an attacker, and the answer that it must get. */
export interface Attack {
  name: string;
  /** The rule that would be broken if the attack succeeded. */
  rule: string;
  /** The source of the rule. */
  reference: string;
  request: (lab: Laboratory) => Sent | Promise<Sent>;
  answer: Answer | Readonly<Record<AdapterName, Answer>>;
}

type Rule = Pick<Attack, 'rule' | 'reference' | 'answer'>;
type Token = Forgery | ((lab: Laboratory) => string);

/** Returns one attack for each request that would break the rule. */
export function requests(
  reference: string,
  rule: string,
  answer: Attack['answer'],
  rows: Readonly<Record<string, Sent | Attack['request']>>,
): Attack[] {
  const broken: Rule = { reference, rule, answer };
  return Object.entries(rows).map(([name, request]) => ({
    ...broken,
    name,
    request: typeof request === 'function' ? request : () => request,
  }));
}

/** Returns one attack for each token that would break the rule, sent as a Bearer token with `GET`. */
export function tokens(
  reference: string,
  rule: string,
  answer: Attack['answer'],
  rows: Readonly<Record<string, Token>>,
  { path }: Pick<Place, 'path'> = NOTES,
): Attack[] {
  const present =
    (token: Token): Attack['request'] =>
    (lab) => ({ path, token: typeof token === 'function' ? token(lab) : lab.forge(token) });
  const entries = Object.entries(rows).map(([name, token]) => [name, present(token)] as const);
  return requests(reference, rule, answer, Object.fromEntries(entries));
}
