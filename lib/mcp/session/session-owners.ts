import { Injectable } from '@nestjs/common';
import { getOrMake } from '../../cache/get-or-make.js';
import { acceptingResource } from '../../auth-info/caller-internals.js';
import type { AuthInfo } from '../../auth-info/auth-info.js';

/** As many sessions are remembered; the one unused for the longest time is forgotten for another. */
const MAX_SESSIONS = 10_000;
/** As many of one caller's: nobody crowds out what belongs to others. */
const MAX_SESSIONS_OF_ONE = 100;

/** Who opened which MCP session of this process. */
@Injectable()
export class SessionOwners {
  private readonly owners = new Map<string, string>();
  private readonly sessions = new Map<string, Set<string>>();

  /** Whether the session was opened by somebody else. One that is not known here is nobody's. */
  isForeign(session: string, caller: AuthInfo | undefined): boolean {
    const owner = this.owners.get(session);
    return owner !== undefined && owner !== (caller && identityOf(caller));
  }

  /** The session is the caller's from now on, unless it is somebody's already. */
  bind(session: string, caller: AuthInfo): void {
    const owner = this.owners.get(session) ?? identityOf(caller);
    this.forget(session);
    this.owners.set(session, owner);
    const own = getOrMake(this.sessions, owner, () => new Set<string>()).add(session);
    this.forgetOldest(own, MAX_SESSIONS_OF_ONE);
    this.forgetOldest(this.owners, MAX_SESSIONS);
  }

  forget(session: string): void {
    const owner = this.owners.get(session) ?? '';
    const own = this.sessions.get(owner);
    own?.delete(session);
    if (own?.size === 0) {
      this.sessions.delete(owner);
    }
    this.owners.delete(session);
  }

  private forgetOldest(
    sessions: ReadonlyMap<string, unknown> | ReadonlySet<string>,
    most: number,
  ): void {
    const [oldest] = sessions.size > most ? sessions.keys() : [];
    if (oldest !== undefined) {
      this.forget(oldest);
    }
  }
}

/**
 * A subject is unique with its issuer only; a token without one speaks for its client. At another resource,
 * such as another tenant's, the same subject is somebody else.
 */
function identityOf(caller: AuthInfo): string {
  const { issuer, subject, clientId } = caller;
  const resource = acceptingResource(caller)?.resource;
  return JSON.stringify([
    resource,
    issuer,
    ...(subject === undefined ? [null, clientId] : [subject]),
  ]);
}
