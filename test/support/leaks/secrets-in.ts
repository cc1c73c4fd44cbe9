import type { IncomingMessage } from 'node:http';

/** The names of parameters and members that hold secrets, in RFC 6749 and related standards. */
const NAMES = [
  'access_token',
  'refresh_token',
  'id_token',
  'token',
  'code',
  'code_verifier',
  'client_secret',
  'client_assertion',
  'registration_access_token',
];

const ANY_NAME = new RegExp(`\\b(?:${NAMES.join('|')})\\b`);

/** Returns the secrets in `Authorization`, `DPoP` and the query of a request. */
export function credentialsOf({ headers, url = '' }: IncomingMessage): string[] {
  const { authorization = '', dpop } = headers;
  const [scheme = '', ...credentials] = authorization.split(/[\s,]+/);
  const basic = /^basic$/i.test(scheme) ? passwordOf(credentials.join('')) : [];
  return [...credentials, ...basic, [dpop ?? []].flat(), secretsIn(url)].flat();
}

/** Returns the values of {@link NAMES} in a JSON body, a form or a URL. */
export function secretsIn(text: string): string[] {
  return ANY_NAME.test(text) ? [...valuesOfJson(text), ...valuesOfForm(text)] : [];
}

function passwordOf(encoded: string): string[] {
  const [, password = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  return [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function valuesOfJson(text: string): string[] {
  try {
    const members = (JSON.parse(text) ?? {}) as Record<string, unknown>;
    return NAMES.map((name) => members[name]).filter((value) => typeof value === 'string');
  } catch {
    return [];
  }
}

function valuesOfForm(text: string): string[] {
  const query = new URLSearchParams(text.slice(text.indexOf('?') + 1));
  return NAMES.flatMap((name) => query.getAll(name));
}
