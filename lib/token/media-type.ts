/** Returns a `typ` as it is compared: without case and `application/` (RFC 7515, section 4.1.9). */
export function mediaType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}
