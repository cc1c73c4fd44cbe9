/** For each options object, the options object that contains it. */
const HOLDERS = new WeakMap<object, object>();

/** Records which options object contains these options, or contains a list of them. Returns the options. */
export function heldBy(holder: object, options: unknown): unknown {
  for (const one of [options].flat()) {
    if (typeof one === 'object' && one !== null) {
      HOLDERS.set(one, holder);
    }
  }
  return options;
}

/** Returns the options object that contains this one, or `undefined` for the outermost options. */
export function holderOf(options: object): object | undefined {
  return HOLDERS.get(options);
}
