import { didYouMean } from './did-you-mean.js';
import { heldBy } from './holders.js';
import { misplacedProblem, type Holder } from './misplaced-option.js';
import { nestedOptions, type NestedOptions } from './nested.js';
import { optionNames, type OptionsClass } from './options-class.js';

/** A problem of one option: its path, the given value, and the message. */
export interface OptionProblem {
  path: string;
  value: unknown;
  problem: string;
}

/** The names that must not be published as extension fields. */
const SECRET = /secret|password|private_?key/i;

/** The short forms that the user wrote. The key of each is the object with the expanded options. */
const SHORT_FORMS = new WeakMap<object, unknown>();

/** Returns the short form that the user wrote for these options, or the value itself if there was none. */
export function asWritten(value: unknown): unknown {
  return isOptionsObject(value) && SHORT_FORMS.has(value) ? SHORT_FORMS.get(value) : value;
}

/**
 * Assigns the user's options to instances of the options classes, so that they can be validated.
 *
 * The user's own values are not copied: re-creating them, as class-transformer does, would run their
 * constructors again. Known options may also be inherited, or computed by a getter. An unknown key is a
 * problem, most often a misspelt option.
 */
export function assignOptions(
  type: OptionsClass,
  given: unknown,
  path: string,
  problems: OptionProblem[],
  holders: readonly Holder[] = [],
): unknown {
  if (!isOptionsObject(given)) {
    return given;
  }
  const instance = new type() as Record<string, unknown>;
  const known = optionNames(type);
  for (const key of new Set([...known, ...Object.keys(given)])) {
    const value = given[key];
    const at = path === '' ? key : `${path}.${key}`;
    const problem = known.includes(key) ? undefined : unknownKeyProblem(key, known, type, holders);
    if (problem !== undefined) {
      problems.push({ path: at, value, problem });
    } else if (value !== undefined) {
      const nested = nestedOptions(type, key);
      const within = [{ type, property: key }, ...holders];
      instance[key] = nested
        ? heldBy(instance, assignNested(nested, value, at, problems, within))
        : value;
    }
  }
  return instance;
}

function assignNested(
  { type, expand, many, orFalse }: NestedOptions,
  value: unknown,
  path: string,
  problems: OptionProblem[],
  holders: readonly Holder[],
): unknown {
  if (orFalse && value === false) {
    return false;
  }
  const assign = (item: unknown, at: string) => {
    const options = expand(item);
    if (options !== undefined && !isOptionsObject(options)) {
      const problem = `must be an object${orFalse ? ', or false' : ''}`;
      problems.push({ path: at, value: item, problem });
    }
    const assigned = assignOptions(type(item), options, at, problems, holders);
    if (options !== item && isOptionsObject(assigned)) {
      SHORT_FORMS.set(assigned, item);
    }
    return assigned;
  };
  return many && Array.isArray(value)
    ? Array.from(value, (item, index) => assign(item, `${path}[${index}]`))
    : assign(value, path);
}

/** Returns `true` for an object, but not for an array, a `Map` or the like: those would look empty. */
function isOptionsObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function unknownKeyProblem(
  key: string,
  known: string[],
  type: OptionsClass,
  holders: readonly Holder[],
): string | undefined {
  const { extensible, elsewhere = {} } = type;
  const misplaced = Object.hasOwn(elsewhere, key)
    ? elsewhere[key]
    : misplacedProblem(key, type, holders);
  if (misplaced !== undefined) {
    return misplaced;
  }
  const meant = didYouMean(key, known);
  if (meant !== undefined) {
    return `is not an option; did you mean "${meant}"?`;
  }
  if (!extensible) {
    return `is not an option; the options here are ${known.join(', ')}`;
  }
  return SECRET.test(key) ? 'looks like a secret, and would be published; remove it' : undefined;
}
