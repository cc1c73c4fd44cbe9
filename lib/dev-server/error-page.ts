import { messageOf } from '../errors/to-error.js';
import { FormTooLongError } from './form.js';
import { html } from './html.js';
import type { OidcProvider } from './oidc-provider.js';
import { page } from './page.js';

/** For the name of each error that users can run into, the sentence that explains the error to them. */
const SENTENCES: Record<string, string> = {
  InvalidClient:
    'This server does not know the application that sent you here. The server may have been restarted since the application was registered.',
  InvalidRedirectUri:
    'The application wants the answer to be sent to an address that it has not registered, so nothing is sent there.',
  SessionNotFound: 'This page is too old, or the browser has blocked its cookie.',
};

/** An error as the user sees it. */
interface ErrorPage {
  readonly status: number;
  readonly text: string;
  /** `false` for a bug of this server. */
  readonly isExpected: boolean;
}

/** Makes the page that tells the user about an error. */
export function errorPage({ errors }: OidcProvider, error: unknown): ErrorPage {
  if (error instanceof FormTooLongError) {
    return { status: 413, text: errorText('What you have entered is too long.'), isExpected: true };
  }
  if (!(error instanceof errors.OIDCProviderError)) {
    return { status: 500, text: errorText('This server has a fault.'), isExpected: false };
  }
  const detail = error.error_description ?? messageOf(error);
  const sentence = SENTENCES[error.name] ?? 'This server cannot answer the application.';
  return { status: 400, text: errorText(sentence, detail), isExpected: true };
}

function errorText(sentence: string, detail?: string): string {
  return page(
    'That did not work',
    html`<p class="error" role="alert">${sentence}</p>
      <p>Go back to the application that sent you here, and sign in again.</p>
      ${detail !== undefined && html`<p class="hint">For its developer: ${detail}.</p>`}`,
  );
}
