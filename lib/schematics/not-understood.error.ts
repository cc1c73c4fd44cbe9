/** An error for code that the schematic cannot change safely. The message says where it is, and why. */
export class NotUnderstoodError extends Error {}
