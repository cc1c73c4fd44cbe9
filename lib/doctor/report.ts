import { escaped } from '../errors/escaped.js';
import type { Finding } from './finding.js';

/** The greatest length of a text of a finding. It may contain text from a server. */
const MAX_LENGTH = 1000;

/** The result of all checks, as `--json` prints it. */
export interface Report {
  /** The URL that was asked. */
  readonly url: string;
  /** `true` if there is no problem. There may be warnings. */
  readonly isHealthy: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Makes a report of findings whose texts can be printed: one line each, of limited length.
 *
 * @param redact - removes what must not be printed
 */
export function toReport(
  url: string,
  findings: readonly Finding[],
  redact = (text: string) => text,
): Report {
  const printable = (text: string) => escaped(redact(text), MAX_LENGTH);
  return {
    url: printable(url),
    isHealthy: !findings.some(({ status }) => status === 'problem'),
    findings: findings.map(({ server, check, status, description, remedy }) => ({
      ...(server !== undefined && { server: printable(server) }),
      check,
      status,
      description: printable(description),
      ...(remedy !== undefined && { remedy: printable(remedy) }),
    })),
  };
}
