import { nestedOptions } from './nested.js';
import { optionNames, type OptionsClass } from './options-class.js';

/** A class of options that contains others, and the property that contains them. */
export interface Holder {
  readonly type: OptionsClass;
  readonly property: string;
}

/** A class of nested options, and the name of its place for a message. */
interface Place {
  readonly held: OptionsClass;
  readonly name: string;
}

/**
 * Returns a message that says where an unknown key belongs. Returns `undefined` if no other class has an option
 * of this name: neither the `holders`, nor the classes of nested options.
 *
 * @param type - the class of the options that contain the key
 * @param holders - the classes that contain these options, the innermost first
 */
export function misplacedProblem(
  key: string,
  type: OptionsClass,
  holders: readonly Holder[],
): string | undefined {
  // Published metadata contains no options, but its fields may have the same names.
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
  // An extension field may have the name of a plain option, but not of one with nested options.
  const isOption = (held: OptionsClass) =>
    type.extensible ? nestedOptions(held, key) !== undefined : optionNames(held).includes(key);
  const place = placesBelow(type).find(({ held }) => isOption(held));
  const published = type.extensible ? '; here it would be published' : '';
  return place && `is ${place.held.memberIs}; put it into ${place.name}${published}`;
}

/** Returns the classes of nested options, at every depth, that have a `memberIs` for messages. */
function placesBelow(type: OptionsClass, parent = ''): Place[] {
  return optionNames(type).flatMap((name) => {
    const { type: typeOf, many } = nestedOptions(type, name) ?? {};
    const held = typeOf?.(undefined);
    return held?.memberIs === undefined
      ? []
      : [
          { held, name: `${many ? 'one of ' : ''}"${parent}${name}"` },
          ...placesBelow(held, `${parent}${name}.`),
        ];
  });
}
