import { forTenant, isTenantName, TENANT } from './tenant-template.js';

/** A text that two templates produce for two tenants. */
export interface Collision {
  readonly text: string;
  readonly tenants: readonly [string, string];
}

/** The length of the longest tenant name. */
const LONGEST = 100;
/** A character of one of the two names, by its index: `0:3` is the fourth character of the first name. */
type NameCharacter = `${0 | 1}:${number}`;
/** A character of the template itself, marked so that it is never confused with a character of a name. */
type Literal = `=${string}`;
type Cell = NameCharacter | Literal;

/**
 * Finds a text that both templates produce, for two different tenants. The result is exact: it tries all
 * pairs of name lengths. For each pair it groups the characters that must be equal.
 */
export function findCollision(one: string, other: string): Collision | undefined {
  if (one === other || !mayBeEqual(one, other)) {
    return undefined;
  }
  for (let length = 1; length <= LONGEST; length += 1) {
    const otherLength = lengthOfName(other, forTenant(one, 'a'.repeat(length)).length);
    const names = otherLength && namesOf(one, length, other, otherLength);
    if (names) {
      return { text: forTenant(one, names[0]), tenants: names };
    }
  }
  return undefined;
}

/** Returns the tenant for which a template produces this text. */
export function tenantIn(template: string, text: string): string | undefined {
  const start = template.indexOf(TENANT);
  const name = text.slice(start, start + (lengthOfName(template, text.length) ?? 0));
  return isTenantName(name) && forTenant(template, name) === text ? name : undefined;
}

/** Compares the texts before the first placeholder and after the last one, where most templates differ. */
function mayBeEqual(one: string, other: string): boolean {
  const [parts, others] = [one.split(TENANT), other.split(TENANT)];
  const [start = '', otherStart = ''] = [parts[0], others[0]];
  const [end = '', otherEnd = ''] = [parts.at(-1), others.at(-1)];
  return (
    (start.startsWith(otherStart) || otherStart.startsWith(start)) &&
    (end.endsWith(otherEnd) || otherEnd.endsWith(end))
  );
}

/** Returns how long a tenant name must be, so that the template produces a text of this total length. */
function lengthOfName(template: string, total: number): number | undefined {
  const { length: parts } = template.split(TENANT);
  const length = (total - forTenant(template, '').length) / (parts - 1);
  return Number.isInteger(length) && length >= 1 && length <= LONGEST ? length : undefined;
}

function namesOf(
  one: string,
  length: number,
  other: string,
  otherLength: number,
): [string, string] | undefined {
  const equal = new EqualCells();
  const others = cellsOf(other, 1, otherLength);
  const fits = cellsOf(one, 0, length).every((cell, index) =>
    equal.unite(cell, others[index] ?? cell),
  );
  return fits
    ? differentNames(equal, charactersOf(0, length), charactersOf(1, otherLength))
    : undefined;
}

/**
 * Fills in the characters that can be chosen freely, and returns the two names. All of these characters
 * are "a", except one, which makes the two names different.
 */
function differentNames(
  equal: EqualCells,
  one: readonly NameCharacter[],
  other: readonly NameCharacter[],
): [string, string] | undefined {
  const opposites = one.map((character, index) =>
    [character, other[index] ?? character].map(equal.find),
  );
  const differing = opposites.find(([first, second]) => first !== second) ?? [];
  const free = differing.find((cell) => !isLiteral(cell));
  const unlike = differing.includes('=b') ? 'c' : 'b';
  const spell = (name: readonly NameCharacter[]) =>
    name
      .map(equal.find)
      .map((cell) => (isLiteral(cell) ? cell.slice(1) : cell === free ? unlike : 'a'))
      .join('');
  const [first, second] = [spell(one), spell(other)];
  return first !== second && isTenantName(first) && isTenantName(second)
    ? [first, second]
    : undefined;
}

function cellsOf(template: string, name: 0 | 1, length: number): Cell[] {
  return template.split(TENANT).flatMap((text, index): Cell[] => {
    const literals = text.split('').map((character): Literal => `=${character}`);
    return index === 0 ? literals : [...charactersOf(name, length), ...literals];
  });
}

function charactersOf(name: 0 | 1, length: number): NameCharacter[] {
  return Array.from({ length }, (_, index): NameCharacter => `${name}:${index}`);
}

function isLiteral(cell: Cell): cell is Literal {
  return cell.startsWith('=');
}

/** A union-find structure of cells that must be equal. A literal is always the representative of its set. */
class EqualCells {
  private readonly parents = new Map<Cell, Cell>();

  readonly find = (cell: Cell): Cell => {
    const parent = this.parents.get(cell);
    return parent === undefined ? cell : this.find(parent);
  };

  /** Records that two cells must be equal. Returns `false` if they cannot be. */
  unite(one: Cell, other: Cell): boolean {
    const [root, otherRoot] = [this.find(one), this.find(other)];
    if (root === otherRoot) {
      return true;
    }
    if (isLiteral(root) && isLiteral(otherRoot)) {
      return false;
    }
    const [child, parent] = isLiteral(root) ? [otherRoot, root] : [root, otherRoot];
    this.parents.set(child, parent);
    return true;
  }
}
