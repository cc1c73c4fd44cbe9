import type { Algorithm } from '../contenders/contender.js';
import type { Description, Servers } from '../harness/contenders.js';
import type { Outcomes } from '../harness/outcome.js';
import type { Support } from '../harness/preflight.js';
import type { Part } from '../harness/report.js';
import type { Entrant } from '../harness/rounds.js';
import type { TokenIssuer } from '../harness/token-issuer.js';

/** The contenders of a run and their authorization server. */
export interface Field {
  contenders: readonly Description[];
  /** The results of the checks before the measurement, by the name of the contender. */
  support: Map<string, Support>;
  issuer: TokenIssuer;
}

/** A table of the report, and the measurement behind it. */
export interface Comparison {
  /** @param servers - the servers of the current start */
  entrants(field: Field, servers: Servers): Promise<Entrant[]>;
  report(outcomes: Outcomes, field: Field): Part;
}

export interface Load {
  algorithm: Algorithm;
  /** The number of distinct tokens. */
  tokens: number;
}
