import { nestedOptions } from './nested.js';
import { optionNames, type OptionsClass } from './options-class.js';

/** Options that hold other ones, and under which name. */
export interface Holder {
  readonly type: OptionsClass;
  readonly property: string;
}

/** Options that these hold, and how to name the place. */
interface Place {
  readonly held: OptionsClass;
  readonly name: string;
}

/**
 * Says where an unknown key belongs, if it is an option of what holds these options, or of what they hold.
 *
 * @param holders - what holds them, the innermost first
 */
export function misplacedProblem(
  key: string,
  type: OptionsClass,
  holders: readonly Holder[],
): string | undefined {
  // What is published holds no options; its fields have names that others have too.
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
  // An extension field may have the name of a plain option. One that holds options is no such field.
  const isOption = (held: OptionsClass) =>
    type.extensible ? nestedOptions(held, key) !== undefined : optionNames(held).includes(key);
  const place = placesBelow(type).find(({ held }) => isOption(held));
  const published = type.extensible ? ', it would be published here' : '';
  return place && `is ${place.held.memberIs}; put it into ${place.name}${published}`;
}

/** The options within these, at every depth, that have something to say of their members. */
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
