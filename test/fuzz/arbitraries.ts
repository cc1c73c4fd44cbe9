import fc from 'fast-check';

/** The milliseconds for a test that starts applications, or makes requests. */
export const TIME_LIMIT = 60_000 + Number(process.env.FC_SECONDS ?? 0) * 1000;

/** The texts that are hard to parse: delimiters, escapes, line breaks, and characters that look like others. */
const STUMBLING_BLOCKS = [
  ...' \t\r\n\0",;:=/\\?#@[]{}()<>*+-._~%&|^`\'$!',
  ...['\r\n', '\r\n ', '%00', '%2F', '%0d%0a', '\\"', '//', '..', '\u00a0', '\u017f', '\u212a'],
  ...['\ufeff', '\ud800', '\u2028', '😀', 'é', '\u007f', '\u0080', 'ÿ', '0', 'A', '='],
];

const stumblingBlock = fc.constantFrom(...STUMBLING_BLOCKS);

type Edit = (text: string) => string;

/** One change to a text, at any place. */
const edit: fc.Arbitrary<Edit> = fc
  .tuple(fc.nat(), fc.nat(4), stumblingBlock, fc.nat(6))
  .map(([place, kind, block, length]) => (text) => {
    const at = place % (text.length + 1);
    const [before, after] = [text.slice(0, at), text.slice(at)];
    switch (kind) {
      case 0:
        return before + block + after;
      case 1:
        return before + after.slice(length);
      case 2:
        return before + block + after.slice(length);
      case 3:
        return before + after.slice(0, length).repeat(2) + after.slice(length);
      default:
        return before + after.slice(0, length).toUpperCase() + after.slice(length);
    }
  });

/** Returns texts that are right, or that differ from a right text by up to three edits. */
export const nearly = (right: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(right, fc.array(edit, { maxLength: 3 }))
    .map(([text, edits]) => edits.reduce((edited, change) => change(edited), text));

/** Any text: of printable characters, of any characters, or of the {@link STUMBLING_BLOCKS}. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme-ascii' }),
  fc.string({ unit: 'binary' }),
  fc.array(stumblingBlock, { maxLength: 12 }).map((parts) => parts.join('')),
);

/** Names that every object has, or that change its prototype. */
const INHERITED = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then'];

/**
 * Returns values as `JSON.parse` returns them. The names of members are the given names, names from
 * {@link INHERITED} or any names. Members have any type.
 */
export function jsonWith(
  names: readonly string[],
  values: readonly unknown[] = [],
): fc.Arbitrary<unknown> {
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: fc.constantFrom(...INHERITED) },
    { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      ...(values.length > 0 ? [{ weight: 6, arbitrary: fc.constantFrom(...values) }] : []),
      { weight: 2, arbitrary: anyText },
      { weight: 2, arbitrary: fc.constantFrom(null, true, false, 0, -1, 1.5, 1e400, '', [], {}) },
      { weight: 1, arbitrary: fc.double() },
      { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
      { weight: 3, arbitrary: fc.dictionary(key, tie('value'), { maxKeys: 6 }) },
    ),
  }));
  return value.map(throughJson);
}

/** Returns objects with these members, some of which are left out or have another value, and with other members. */
export function nearlyObject(
  right: Record<string, fc.Arbitrary<unknown>>,
  names: readonly string[] = Object.keys(right),
): fc.Arbitrary<Record<string, unknown>> {
  const others = jsonWith(names);
  const members = Object.entries(right).map(([name, value]) =>
    fc.oneof(
      { weight: 8, arbitrary: value.map((given) => [[name, given]] as const) },
      { weight: 1, arbitrary: others.map((given) => [[name, given]] as const) },
      { weight: 1, arbitrary: fc.constant([]) },
    ),
  );
  return fc
    .tuple(fc.tuple(...members), fc.oneof(fc.constant({}), others))
    .map(([own, beside]) =>
      throughJson({ ...(isObject(beside) ? beside : {}), ...Object.fromEntries(own.flat()) }),
    ) as fc.Arbitrary<Record<string, unknown>>;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a value as it arrives in JSON. `1e400` becomes `null`, and `-0` becomes `0`. */
function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** Scopes as RFC 6749, appendix A.4, has them. */
export const scope = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,12}$/);

/** A host on the internet, a name or address of this machine, or a host that looks like this machine. */
export const host = fc.oneof(
  fc.domain(),
  fc.constantFrom('localhost', 'app.localhost', '127.0.0.1', '[::1]', 'localhost.example.com'),
  fc.constantFrom('127.1', '0x7f.1', '2130706433', '0.0.0.0', '[::ffff:127.0.0.1]', 'LOCALHOST.'),
);

/** A URL with any of the parts that a URL can have, or a text that is nearly a URL. */
export const nearlyUrl = nearly(
  fc
    .record({
      scheme: fc.constantFrom(
        'https://',
        'http://',
        'HTTPS://',
        'https:',
        'file://',
        '//',
        'ws://',
      ),
      user: fc.constantFrom('', '', '', 'user@', 'user:secret@', '@'),
      host,
      port: fc.constantFrom('', '', ':443', ':80', ':8443', ':', ':0', ':65536'),
      path: fc
        .array(
          fc.constantFrom('/', 'a', 'B', '%2F', '%zz', '..', '.', ';v', ':id', '*', 'é', '{x}'),
        )
        .map((parts) => parts.join('')),
      query: fc.constantFrom('', '', '?', '?a=b', '?a=https://x/#'),
      fragment: fc.constantFrom('', '', '', '#', '#f'),
    })
    .map((url) => Object.values(url).join('')),
);
