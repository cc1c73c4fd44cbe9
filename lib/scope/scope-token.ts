/** Matches a `scope-token` (RFC 6749, appendix A.4): printable ASCII without space, `"` and `\`. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Returns what is wrong with a value that must be one scope. */
export function scopeTokenProblem(value: unknown): string | undefined {
  return typeof value === 'string' && SCOPE_TOKEN.test(value)
    ? undefined
    : 'must be a single scope: printable ASCII without a space, a double quote or a backslash';
}
