import type { AdapterName } from '../../support/app.js';
import type { Answer } from './answers.js';
import type { Forgery } from './forge.js';
import type { Laboratory } from './laboratory.js';
import { NOTES, type Place } from './places.js';

/** A request: put together by Node's client, or sent byte for byte. */
export type Sent = OrdinaryRequest | RawRequest;

export interface OrdinaryRequest {
  method?: string;
  path: string;
  /** The token, sent as `Authorization: Bearer …`. */
  token?: string;
  /** Names and values in turn; a name may come twice. */
  headers?: readonly string[];
  body?: string | Buffer;
}

export interface RawRequest {
  /** All that is sent, on a connection of its own. */
  raw: string | Buffer;
}

/** One request that must not get what it is after. */
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

/** One row for each way to break the rule by the request. */
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

/** One row for each way to break the rule by the token, presented as tokens are. */
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
