import type { StateStore } from '../../store/state-store.js';

const METHODS: readonly (keyof StateStore)[] = ['firstTime', 'put', 'get'];

/** What keeps a value from being a state store; nothing where it is one. */
export function stateStoreProblem(value: unknown): string | undefined {
  const isObject = typeof value === 'object' && value !== null;
  const missing = METHODS.filter(
    (name) => !isObject || typeof (value as Record<string, unknown>)[name] !== 'function',
  );
  return missing.length === 0
    ? undefined
    : `must be a StateStore, such as new RedisStateStore(client); it lacks the methods: ${missing.join(', ')}`;
}
