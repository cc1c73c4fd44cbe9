/** The result of a check: good, imperfect, wrong, or not checked. */
export type Status = 'ok' | 'warning' | 'problem' | 'skipped';

/** The result of one check. The texts are for people, and may change. */
export interface Finding {
  /** The authorization server that the finding is about. Absent if it is about the URL that was asked. */
  readonly server?: string;
  /** The stable name of the check. */
  readonly check: string;
  readonly status: Status;
  /** The observation. It may contain text from a server: {@link toReport} escapes it. */
  readonly description: string;
  /** The step that solves the problem. It is set for every problem and every warning. */
  readonly remedy?: string;
}

export function ok(check: string, description: string): Finding {
  return { check, status: 'ok', description };
}

export function skipped(check: string, description: string): Finding {
  return { check, status: 'skipped', description };
}

export function warning(check: string, description: string, remedy: string): Finding {
  return { check, status: 'warning', description, remedy };
}

export function problem(check: string, description: string, remedy: string): Finding {
  return { check, status: 'problem', description, remedy };
}
