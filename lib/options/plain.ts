/**
 * The plain object that users write for a class of options. The class is only for validation: if the types required an
 * instance of the class, linters would complain about every object literal.
 */
export type Plain<T> = { [K in keyof T]: T[K] };

/** The options of a class, with some of them required and others excluded. */
export type Form<T, Required extends keyof T, Excluded extends keyof T = never> = Plain<
  Omit<T, Required | Excluded> & { [K in Required]-?: T[K] } & Partial<Record<Excluded, never>>
>;
