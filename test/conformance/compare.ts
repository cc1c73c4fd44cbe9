import type { Finding, Findings } from './suite.js';

export interface Difference {
  check: string;
  bare: string;
  guarded: string;
  why: string;
}

const ABSENT = { status: 'absent', why: '' };

/** Returns the checks whose outcome differs with the guard, for better or for worse. */
export function differences(bare: Findings | undefined, guarded: Findings): Difference[] {
  return [...new Set([...(bare?.keys() ?? []), ...guarded.keys()])].flatMap((check) => {
    const without = bare?.get(check) ?? ABSENT;
    const behind = guarded.get(check) ?? ABSENT;
    return without.status === behind.status
      ? []
      : [{ check, bare: without.status, guarded: behind.status, why: behind.why || without.why }];
  });
}

/** Returns the checks that failed, but for those whose scenario begins with `tolerated`. */
export function failures(found: Findings, tolerated: string): string[] {
  return notPassed(found, ({ status }) => status === 'FAILURE').filter(
    (problem) => !problem.startsWith(tolerated),
  );
}

/** Returns the checks that are a problem. By default, this is every check that did not succeed, even if it was skipped. */
export function notPassed(
  found: Findings,
  isProblem = ({ status }: Finding): boolean => status !== 'SUCCESS',
): string[] {
  return [...found].flatMap(([check, finding]) =>
    isProblem(finding) ? [`${check}: ${finding.status} ${finding.why}`] : [],
  );
}

/** Lays rows out in columns. */
export function table(rows: readonly Difference[]): string {
  const head = { check: 'check', bare: 'bare', guarded: 'guarded', why: 'why' };
  const width = (column: 'check' | 'bare' | 'guarded') =>
    Math.max(...[head, ...rows].map((row) => row[column].length));
  return [head, ...rows]
    .map(({ check, bare, guarded, why }) =>
      [
        check.padEnd(width('check')),
        bare.padEnd(width('bare')),
        guarded.padEnd(width('guarded')),
        why.replaceAll(/\s+/g, ' ').slice(0, 160),
      ].join('  '),
    )
    .join('\n');
}
