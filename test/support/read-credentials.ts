import { InvalidRequestError } from '../../lib/errors/invalid-request.error.js';
import { readToken, unreadableToken } from '../../lib/guard/credentials.js';
import type { ProtectedResource } from '../../lib/protected-resource/protected-resource.js';
import type { CredentialsSource } from '../../lib/transport/authenticated-request.js';

export type Credentials =
  | { kind: 'token'; token: string; isDpop: boolean }
  | { kind: 'none' }
  | { kind: 'unreadable'; error: InvalidRequestError };

/** Reads the credentials of a request as the guard does if the token is not cached. */
export function readCredentials(
  request: CredentialsSource,
  mode: 'off' | 'accepted' | 'required',
  isToken: (text: string) => boolean,
): Credentials {
  try {
    const presented = readToken(request, { dpop: { mode } } as ProtectedResource);
    if (presented === undefined) {
      return { kind: 'none' };
    }
    const { token, isDpop } = presented;
    return isToken(token)
      ? { kind: 'token', token, isDpop }
      : { kind: 'unreadable', error: unreadableToken() };
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      return { kind: 'unreadable', error };
    }
    throw error;
  }
}
