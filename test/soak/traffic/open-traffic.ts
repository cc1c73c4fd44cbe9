import type { Violations } from '../report/violations.js';
import { Load } from './load.js';
import { get } from './make-probe.js';

/** Requests in the same rhythm to a server that is protected by nothing. */
export class OpenTraffic extends Load {
  constructor(
    port: number,
    private readonly violations: Violations,
  ) {
    super(port);
  }

  protected override async exchange(): Promise<void> {
    const sent = performance.now();
    try {
      const { status } = await this.connections.send(get('notes', undefined, 200));
      this.tally.add('open', 'known', status, performance.now() - sent);
    } catch (error) {
      this.violations.add('unprotected', 'lost', (error as Error).message);
    }
  }
}
