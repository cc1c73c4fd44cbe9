/** The scopes that OpenID Connect defines. */
const STANDARD = new Map([
  ['openid', 'Know who you are'],
  ['offline_access', 'Stay connected while you are away'],
]);

/** Returns the words of a scope's name as a text for users: `create:todos` becomes "Create todos". */
export function scopeInWords(scope: string): string {
  const words = scope.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const text = words.join(' ').toLowerCase();
  return STANDARD.get(scope) ?? text.slice(0, 1).toUpperCase() + text.slice(1);
}
