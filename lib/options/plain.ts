/**
 * What users write for a class of options: a plain object. The class is for validation; to ask for an
 * instance of it, in types, would make linters complain of every object literal.
 */
export type Plain<T> = { [K in keyof T]: T[K] };

/** A form of the options of a class that requires some of them, and excludes others. */
export type Form<T, Required extends keyof T, Excluded extends keyof T = never> = Plain<
  Omit<T, Required | Excluded> & { [K in Required]-?: T[K] } & Partial<Record<Excluded, never>>
>;
