/** Whether a value is written as a class; else, if it can be called, it is a plain function. */
export function isClass(value: unknown): value is { readonly prototype: unknown } {
  return typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class');
}
