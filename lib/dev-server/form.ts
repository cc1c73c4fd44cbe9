import type { IncomingMessage } from 'node:http';

const MAX_LENGTH = 10_000;

/** Reads a form that a page of this server has posted. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_LENGTH) {
      throw new RangeError('The form is too long.');
    }
  }
  return new URLSearchParams(text);
}
