/** Something that is kept with objects of another's making, where nobody else sees it. */
interface HiddenMember<T> {
  get: (owner: object) => T | undefined;
  /** Once for each object. */
  set: (owner: object, value: T) => void;
}

/** Makes `this` of a subclass the object that is given: its private fields are put there. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- what is put there is the subclass's
class Given {
  constructor(owner: object) {
    return owner;
  }
}

/**
 * A member that only its maker reads, of frozen objects too. For objects that are made with each request
 * a `WeakMap` is no substitute: its table grows with the dead ones among them, and takes the garbage
 * collector more time than making the object takes.
 */
export function hiddenMember<T>(): HiddenMember<T> {
  class Owner extends Given {
    readonly #value: T;

    constructor(owner: object, value: T) {
      super(owner);
      this.#value = value;
    }

    static get(owner: object): T | undefined {
      return #value in owner ? owner.#value : undefined;
    }

    static set(owner: object, value: T): void {
      new Owner(owner, value);
    }
  }
  return Owner;
}
