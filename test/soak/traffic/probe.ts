import type { Tokens } from '../world/tokens.js';

/** A request, and what is known about the right answer. */
export interface Probe {
  kind: string;
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** A random text in the request that must be in the answer. */
  nonce: string;
  /** The user whom the handler must see, or `nobody` for an anonymous request. */
  user: string;
  /** The tokens of the key that the answer depends on. `undefined` if the answer does not depend on a key. */
  tokens?: Tokens;
  /** Returns the statuses that are right at this moment, from a server that has the key. */
  verdict: () => readonly number[];
  /** A function that reads more from the answer, for example the id of a session. */
  onAnswer?: (answer: Answer) => void;
}

export interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}
