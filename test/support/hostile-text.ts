/** A text that would forge lines of a log, or change the order in which its characters are shown. */
export const HOSTILE =
  'a\r\n[Nest] LOG\t\u001b[2J\u0000\u009b\u007f\u2028\u2029\u202e\u2066\u200f\ufeff\u{e0041}';

/** The text that must be logged in place of {@link HOSTILE}. */
export const SHOWN = String.raw`a\u000d\u000a[Nest] LOG\u0009\u001b[2J\u0000\u009b\u007f\u2028\u2029\u202e\u2066\u200f\ufeff\u{e0041}`;
