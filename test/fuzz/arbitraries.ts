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

/** A text that is right, or nearly so. */
export const nearly = (right: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(right, fc.array(edit, { maxLength: 3 }))
    .map(([text, edits]) => edits.reduce((edited, change) => change(edited), text));

/** Any text: of printable characters, of any, or of those that parsers trip over. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme-ascii' }),
  fc.string({ unit: 'binary' }),
  fc.array(stumblingBlock, { maxLength: 12 }).map((parts) => parts.join('')),
);

/** Names that every object has, or that change its prototype. */
const INHERITED = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then'];

/**
 * A value as it comes out of `JSON.parse`: its members are named as given, as what is inherited, or
 * anyhow, and are of any type.
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

/** An object of the members given, some of them left out or of another value, and with others beside. */
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

/** `1e400` and `-0` are lost; what remains is what a stranger can send. */
function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** Scopes as RFC 6749, appendix A.4, has them. */
export const scope = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,12}$/);

/** A host: of the internet, of this machine, and such as look like it. */
export const host = fc.oneof(
  fc.domain(),
  fc.constantFrom('localhost', 'app.localhost', '127.0.0.1', '[::1]', 'localhost.example.com'),
  fc.constantFrom('127.1', '0x7f.1', '2130706433', '0.0.0.0', '[::ffff:127.0.0.1]', 'LOCALHOST.'),
);

/** A URL with every part that one may have, or nearly one. */
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
