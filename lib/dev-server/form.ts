import type { IncomingMessage } from 'node:http';

const MAX_LENGTH = 10_000;

/** An error for a posted form that is longer than any form of this server. */
export class FormTooLongError extends Error {}

/**
 * Reads a form that a page of this server has posted.
 *
 * @throws FormTooLongError if the form is too long
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  // The rest of a long form is read, but not stored: most clients read no answer before they have sent the whole form.
  for await (const chunk of request.setEncoding('utf8')) {
    text += text.length > MAX_LENGTH ? '' : String(chunk);
  }
  if (text.length > MAX_LENGTH) {
    throw new FormTooLongError('The form is too long.');
  }
  return new URLSearchParams(text);
}
