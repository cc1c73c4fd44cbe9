/** Removes the user names and passwords from the URLs in a text. */
export function withoutCredentials(text: string): string {
  return text.replace(/(?<=:\/\/)[^/?#\s]*@/g, '…@');
}
