import type { Algorithm } from '../contenders/contender.js';
import type { Description, Servers } from '../harness/contenders.js';
import type { Outcomes } from '../harness/outcome.js';
import type { Support } from '../harness/preflight.js';
import type { Part } from '../harness/report.js';
import type { Entrant } from '../harness/rounds.js';
import type { TokenIssuer } from '../harness/token-issuer.js';

/** Who takes part. */
export interface Field {
  contenders: readonly Description[];
  /** By contender, once it was inspected. */
  support: Map<string, Support>;
  issuer: TokenIssuer;
}

/** One table. */
export interface Comparison {
  /** @param servers - of this start */
  entrants(field: Field, servers: Servers): Promise<Entrant[]>;
  report(outcomes: Outcomes, field: Field): Part;
}

export interface Load {
  algorithm: Algorithm;
  /** How many distinct tokens. */
  tokens: number;
}
