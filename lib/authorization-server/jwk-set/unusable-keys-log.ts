import { log } from '../../log/log.js';
import type { ConfiguredAuthorizationServer } from '../authorization-server-registry.js';
import type { SortedKeys, UnusableKey } from '../../token/signature-keys.js';

/** The greatest number of keys that one message names. */
const MAX_NAMED = 5;
/** The greatest length of a key id in the log. Longer key ids are cut off. */
const MAX_KID_LENGTH = 100;

/**
 * Logs which keys of a JWK Set are not used, and why. The same message is not repeated for a server, although
 * the set is fetched again and again.
 *
 * Keys with errors are logged at `warn`. Valid keys for other purposes, such as encryption, are logged at
 * `debug`, and only if no key has an error. If no key is usable, all keys are logged at `warn`.
 */
export class UnusableKeysLog {
  private readonly reports = new WeakMap<ConfiguredAuthorizationServer, string>();

  report(server: ConfiguredAuthorizationServer, { usable, unusable }: SortedKeys): void {
    const isEmpty = usable.keys.length === 0;
    const toWarnOf = unusable.filter(({ isForOtherPurpose }) => isEmpty || !isForOtherPurpose);
    const keys = toWarnOf.length > 0 ? described(toWarnOf) : described(unusable);
    const consequence = consequenceOf(isEmpty, toWarnOf);
    const report = `Keys in the JWK Set of the authorization server ${server.issuer} are not used: ${keys}.${consequence}`;
    const isNew = this.reports.get(server) !== report;
    this.reports.set(server, report);
    if (unusable.length === 0 || !isNew) {
      return;
    }
    if (consequence === '') {
      log.debug(() => report);
    } else {
      log.warn(report);
    }
  }
}

function consequenceOf(isEmpty: boolean, toWarnOf: readonly UnusableKey[]): string {
  if (isEmpty) {
    return ' No key is left, so every JWT of this server is rejected.';
  }
  return toWarnOf.length > 0 ? ' Tokens signed with these keys are rejected.' : '';
}

function described(keys: readonly UnusableKey[]): string {
  const named = keys.slice(0, MAX_NAMED).map(({ kid, why }) => `${nameOf(kid)} ${why}`);
  const others = keys.length - named.length;
  return [...named, ...(others > 0 ? [`${others} more`] : [])].join('; ');
}

function nameOf(kid: string | undefined): string {
  return kid === undefined
    ? 'a key without a usable "kid"'
    : JSON.stringify(kid.slice(0, MAX_KID_LENGTH));
}
