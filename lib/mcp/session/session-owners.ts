import { Injectable } from '@nestjs/common';
import { getOrMake } from '../../cache/get-or-make.js';
import { acceptingResource } from '../../auth-info/caller-internals.js';
import type { AuthInfo } from '../../auth-info/auth-info.js';

/**
 * The most sessions that are stored. If there are more, the session whose last use is longest ago is
 * removed.
 */
const MAX_SESSIONS = 10_000;
/** The most sessions of one caller, so that one caller alone cannot fill the store. */
const MAX_SESSIONS_OF_ONE = 100;

/** The owners of the MCP sessions of this process. */
@Injectable()
export class SessionOwners {
  private readonly owners = new Map<string, string>();
  private readonly sessions = new Map<string, Set<string>>();

  /** Returns `true` if the session belongs to another caller. A session that is not stored has no owner. */
  isForeign(session: string, caller: AuthInfo | undefined): boolean {
    const owner = this.owners.get(session);
    return owner !== undefined && owner !== (caller && identityOf(caller));
  }

  /** Binds a session to the caller, unless it has an owner already. */
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
 * Returns the identity of a caller. A subject is unique only with its issuer. A token without a subject
 * stands for its client. At another resource, such as that of another tenant, the same subject is another
 * caller.
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
