/**
 * What users write for a class of options: a plain object. The class is for validation; to ask for an
 * instance of it, in types, would make linters complain of every object literal.
 */
export type Plain<T> = { [K in keyof T]: T[K] };
