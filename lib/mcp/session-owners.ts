import { Injectable } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';

/** As many sessions are remembered; the one unused for the longest time is forgotten for another. */
const MAX_SESSIONS = 10_000;

/** Who opened which MCP session of this process. */
@Injectable()
export class SessionOwners {
  private readonly owners = new Map<string, string>();

  /** Whether the session was opened by somebody else. One that is not known here is nobody's. */
  isForeign(session: string, caller: AuthInfo | undefined): boolean {
    const owner = this.owners.get(session);
    return owner !== undefined && owner !== (caller && identityOf(caller));
  }

  /** The session is the caller's from now on, unless it is somebody's already. */
  bind(session: string, caller: AuthInfo): void {
    const owner = this.owners.get(session) ?? identityOf(caller);
    this.owners.delete(session);
    this.owners.set(session, owner);
    const [oldest] = this.owners.size > MAX_SESSIONS ? this.owners.keys() : [];
    if (oldest !== undefined) {
      this.owners.delete(oldest);
    }
  }

  forget(session: string): void {
    this.owners.delete(session);
  }
}

/** A subject is unique with its issuer only; a token without one speaks for its client. */
function identityOf({ issuer, subject, clientId }: AuthInfo): string {
  return JSON.stringify(subject === undefined ? [issuer, null, clientId] : [issuer, subject]);
}
