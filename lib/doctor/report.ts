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

/** Makes a report of findings whose texts can be printed: one line each, of limited length. */
export function toReport(url: string, findings: readonly Finding[]): Report {
  return {
    url: escaped(url, MAX_LENGTH),
    isHealthy: !findings.some(({ status }) => status === 'problem'),
    findings: findings.map(printable),
  };
}

function printable({ server, check, status, description, remedy }: Finding): Finding {
  return {
    ...(server !== undefined && { server: escaped(server, MAX_LENGTH) }),
    check,
    status,
    description: escaped(description, MAX_LENGTH),
    ...(remedy !== undefined && { remedy: escaped(remedy, MAX_LENGTH) }),
  };
}
