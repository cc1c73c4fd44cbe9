import type { Algorithm } from '../contenders/contender.js';
import type { Description, Servers } from '../harness/contenders.js';
import type { Effort } from '../harness/rounds.js';
import type { Support } from '../harness/preflight.js';
import type { TokenIssuer } from '../harness/token-issuer.js';

/** What the parts of a comparison share. */
export interface Comparison {
  contenders: readonly Description[];
  servers: Servers;
  support: ReadonlyMap<string, Support>;
  issuer: TokenIssuer;
  effort: Effort;
}

export interface Load {
  algorithm: Algorithm;
  /** How many distinct tokens. */
  tokens: number;
}
