import { MemoryStateStore } from '../../store/memory-state-store.js';
import type { StateStore } from '../../store/state-store.js';
import { constraint } from '../validation/constraint.js';

const METHODS: readonly (keyof StateStore)[] = ['firstTime', 'put', 'get'];

/** As much of the options as has to go with the store; none of it validated yet. */
interface StoreOwner {
  protectedResources?: unknown;
}

interface NonceOwner {
  metadata?: { resource?: unknown };
  dpop?: { mode?: unknown; nonce?: unknown; nonceSecret?: unknown };
}

export const IsStateStore = constraint('isStateStore', notAStoreProblem);

/** Whether the instances that share a store share the secret that they make nonces with, too. */
export const HasSharedNonceSecret = constraint('hasSharedNonceSecret', nonceSecretProblem);

/**
 * A store of the application's own is there for several processes. Each would have a secret of its own,
 * and refuse the nonces of the others: clients, which repeat a request once, would never get in.
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
    : `is shared by several instances, while "dpop" of ${String(lacking.metadata?.resource)} has nonce: true without nonceSecret, so that each instance would refuse the nonces of the others; set dpop.nonceSecret to at least 32 characters that nobody can guess, the same for all instances`;
}

function notAStoreProblem(value: unknown): string | undefined {
  const isObject = typeof value === 'object' && value !== null;
  const missing = METHODS.filter(
    (name) => !isObject || typeof (value as Record<string, unknown>)[name] !== 'function',
  );
  return missing.length === 0
    ? undefined
    : `must be a StateStore, such as new RedisStateStore(client); it lacks the methods: ${missing.join(', ')}`;
}
