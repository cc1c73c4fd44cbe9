import { log } from '../../log/log.js';
import { messageOf } from '../../errors/to-error.js';

const CONSEQUENCES = {
  stale: 'The cached document stays in use.',
  unavailable: 'No cached document can be used, so requests that need the document get 503.',
} as const;

/**
 * Logs outages of one document at `warn`: once when the document cannot be fetched, once more if its cached copy
 * becomes too old to be used, and once when the document can be fetched again. Further failures are logged at
 * `debug`.
 */
export class OutageLog {
  private outage: keyof typeof CONSEQUENCES | undefined;

  /** @param name - the document and its server, for messages */
  constructor(private readonly name: string) {}

  failed(error: unknown, isStale: boolean): void {
    const outage = isStale ? 'stale' : 'unavailable';
    if (outage === this.outage) {
      log.debug(() => messageOf(error));
      return;
    }
    this.outage = outage;
    log.warn(`${messageOf(error)} ${CONSEQUENCES[outage]}`);
  }

  succeeded(): void {
    if (this.outage !== undefined) {
      this.outage = undefined;
      log.warn(`${this.name} can be fetched again.`);
    }
  }
}
