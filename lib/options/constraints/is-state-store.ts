import { MemoryStateStore } from '../../store/memory-state-store.js';
import type { StateStore } from '../../store/state-store.js';
import { constraint } from '../validation/constraint.js';

const METHODS: readonly (keyof StateStore)[] = ['firstTime', 'put', 'get'];

/** The options of the module that {@link HasSharedNonceSecret} reads. They may still be invalid. */
interface StoreOwner {
  protectedResources?: unknown;
}

/** The options of a protected resource that decide how its DPoP nonces are made. */
interface NonceOwner {
  metadata?: { resource?: unknown };
  dpop?: { mode?: unknown; nonce?: unknown; nonceSecret?: unknown };
}

export const IsStateStore = constraint('isStateStore', notAStoreProblem);

/** Checks that instances which share a store also share the secret that makes their DPoP nonces. */
export const HasSharedNonceSecret = constraint('hasSharedNonceSecret', nonceSecretProblem);

/**
 * Returns what is wrong if a resource sends DPoP nonces, but has no `nonceSecret`. Each process would then create its
 * own secret, and reject the nonces of the others. A client repeats a request only once, so its requests could fail
 * every time.
 *
 * Any store other than {@link MemoryStateStore} is assumed to be shared by several processes.
 */
function nonceSecretProblem(
  store: unknown,
  { protectedResources }: StoreOwner,
): string | undefined {
  const resources = ([protectedResources].flat() as (NonceOwner | null | undefined)[]).flatMap(
    (resource) => resource ?? [],
  );
  const lacking = resources.find((resource) => {
    const { mode, nonce, nonceSecret } = resource.dpop ?? {};
    return mode !== 'off' && nonce === true && nonceSecret === undefined;
  });
  return lacking === undefined || store instanceof MemoryStateStore
    ? undefined
    : `may be shared by several instances, which would reject each other's DPoP nonces: "dpop" of ${String(lacking.metadata?.resource)} has nonce: true without nonceSecret; set dpop.nonceSecret to the same text on all instances, at least 32 characters that cannot be guessed`;
}

function notAStoreProblem(value: unknown): string | undefined {
  const isObject = typeof value === 'object' && value !== null;
  const missing = METHODS.filter(
    (name) => !isObject || typeof (value as Record<string, unknown>)[name] !== 'function',
  );
  return missing.length === 0
    ? undefined
    : `must be a StateStore, such as new RedisStateStore(client); the given value lacks the methods: ${missing.join(', ')}`;
}
