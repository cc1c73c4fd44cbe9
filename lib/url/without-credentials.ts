/** A text to be shown, without the user names and passwords of the URLs in it. */
export function withoutCredentials(text: string): string {
  return text.replace(/(?<=:\/\/)[^/?#\s]*@/g, '…@');
}
