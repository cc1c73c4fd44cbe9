/** A challenge (RFC 9110, section 11.3). */
export interface ParsedChallenge {
  scheme: string;
  /** Names in lower case. */
  params: Map<string, string>;
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const QUOTED_STRING = /"(?:[\t \x21\x23-\x5b\x5d-\x7e]|\\[\t \x21-\x7e])*"/y;
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const COMMA = /[ \t]*,[ \t]*/y;
const EQUALS = /[ \t]*=[ \t]*/y;
const SPACES = / +/y;

/**
 * Reads a `WWW-Authenticate` value by the grammar of RFC 9110 (sections 5.6 and 11). It accepts only what a sender
 * is allowed to send: no empty list elements, no `obs-text`, no parameter twice.
 *
 * @throws SyntaxError if the value does not match that grammar
 */
export function parseChallenges(value: string): ParsedChallenge[] {
  const reader = new Reader(value);
  const challenges: ParsedChallenge[] = [];
  do {
    challenges.push(readChallenge(reader));
  } while (reader.take(COMMA) !== undefined);
  reader.assertAtEnd();
  return challenges;
}

function readChallenge(reader: Reader): ParsedChallenge {
  const scheme = reader.need(TOKEN, 'an auth-scheme');
  const params = new Map<string, string>();
  if (reader.take(SPACES) === undefined || isToken68(scheme, reader)) {
    return { scheme, params };
  }
  do {
    const name = reader.need(TOKEN, 'the name of an auth-param').toLowerCase();
    reader.need(EQUALS, '"="');
    if (params.has(name)) {
      throw new SyntaxError(`"${name}" is there twice`);
    }
    params.set(name, readValue(reader));
  } while (reader.isFollowedByParam() && reader.take(COMMA) !== undefined);
  return { scheme, params };
}

/** Bearer and DPoP have parameters, and no `token68` (RFC 6750, section 3; RFC 9449, section 7.1). */
function isToken68(scheme: string, reader: Reader): boolean {
  return !/^(?:bearer|dpop)$/i.test(scheme) && reader.take(TOKEN68) !== undefined;
}

function readValue(reader: Reader): string {
  const quoted = reader.take(QUOTED_STRING);
  return quoted === undefined
    ? reader.need(TOKEN, 'a value')
    : quoted.slice(1, -1).replace(/\\(.)/g, '$1');
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    this.at += found?.length ?? 0;
    return found;
  }

  need(pattern: RegExp, what: string): string {
    const found = this.take(pattern);
    if (found === undefined) {
      throw new SyntaxError(`${what} is missing at character ${this.at + 1}`);
    }
    return found;
  }

  /** Returns `true` if a comma and a parameter follow. Returns `false` at the end, or before another challenge. */
  isFollowedByParam(): boolean {
    const { at } = this;
    const isParam = [COMMA, TOKEN, EQUALS].every((pattern) => this.take(pattern) !== undefined);
    this.at = at;
    return isParam;
  }

  assertAtEnd(): void {
    if (this.at < this.text.length) {
      throw new SyntaxError(`the text from character ${this.at + 1} belongs to no challenge`);
    }
  }
}
