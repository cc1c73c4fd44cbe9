import type { Tokens } from '../world/tokens.js';

/** A request, and what is right to answer. */
export interface Probe {
  kind: string;
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** A random text in the request that must be in the answer. */
  nonce: string;
  /** The user who sends the request; `nobody` without a caller. */
  user: string;
  /** The tokens of the key that the answer depends on; `undefined` if it depends on none. */
  tokens?: Tokens;
  /** The right statuses from a server that has the key, at this moment. */
  verdict: () => readonly number[];
  /** Looks at the answer beyond what all answers are looked at for. */
  onAnswer?: (answer: Answer) => void;
}

export interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}
