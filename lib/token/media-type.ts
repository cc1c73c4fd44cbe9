/** Returns a `typ` in lower case and without `application/`, for comparison (RFC 7515, section 4.1.9). */
export function mediaType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}
