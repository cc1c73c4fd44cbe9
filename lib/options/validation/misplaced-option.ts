import { nestedOptions } from './nested.js';
import { optionNames, type OptionsClass } from './options-class.js';

/** A class of options, and its property that holds the nested options. */
export interface Holder {
  readonly type: OptionsClass;
  readonly property: string;
}

/** A class of nested options, and the path to it, as messages show it. */
interface NestedClass {
  readonly type: OptionsClass;
  readonly path: string;
}

/**
 * Returns a message that says where an unknown key belongs. Looks in the `holders` and in the classes of nested
 * options, if they have a `memberIs`. Returns `undefined` if none of them explains the key.
 *
 * @param type - the class of the options that contain the key
 * @param holders - the classes that contain these options, the innermost first
 */
export function misplacedProblem(
  key: string,
  type: OptionsClass,
  holders: readonly Holder[],
): string | undefined {
  // Skips an extensible holder (published metadata): its own fields are not options, although a field may have
  // the name of the key.
  const holder = holders.find(
    (one) => one.type.memberIs && !one.type.extensible && optionNames(one.type).includes(key),
  );
  if (holder !== undefined) {
    const published = type.extensible && holder === holders[0] ? ', which is published' : '';
    return `is ${holder.type.memberIs}; move it out of "${holder.property}"${published}`;
  }
  return belowProblem(key, type);
}

function belowProblem(key: string, type: OptionsClass): string | undefined {
  // An extension field may have the name of a plain option, but not of an option with nested options.
  const isOption = (nested: OptionsClass) =>
    type.extensible ? nestedOptions(nested, key) !== undefined : optionNames(nested).includes(key);
  const found = classesBelow(type).find((nested) => isOption(nested.type));
  const published = type.extensible ? '; here it would be published' : '';
  return found && `is ${found.type.memberIs}; put it into ${found.path}${published}`;
}

/** Returns the classes of nested options, at every depth, that have a `memberIs` for messages. */
function classesBelow(type: OptionsClass, parent = ''): NestedClass[] {
  return optionNames(type).flatMap((name) => {
    const { type: typeOf, many } = nestedOptions(type, name) ?? {};
    const nested = typeOf?.(undefined);
    return nested?.memberIs === undefined
      ? []
      : [
          { type: nested, path: `${many ? 'one of ' : ''}"${parent}${name}"` },
          ...classesBelow(nested, `${parent}${name}.`),
        ];
  });
}
