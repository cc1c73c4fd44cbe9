import { describe, expect, it } from '@jest/globals';
import {
  AccessTokenVerifier,
  AuthorizationServerUnavailableError,
  ProtectedResourceRegistry,
  type BearerTokenSource,
} from 'nestjs-mcp-auth';
import { adapters, RESOURCE } from '../support/app.js';
import { IntrospectedApp } from '../support/introspected-app.js';
import { json } from '../support/issuer.js';
import { secret } from '../support/leaks/secret.js';

const TOKEN = secret('the-bearer-token_of.the~application/+123==');
/** A value that a function can throw although it is not an error. */
const NO_ERROR = { TOKEN } as unknown as Error;

describe.each(adapters)('a bearer token for introspection, on %s', (adapter) => {
  const tested = IntrospectedApp.use(adapter);
  const { issuer, start, call, status } = tested;

  const startWith = (bearerToken: BearerTokenSource, fetchTimeout = 5000) =>
    start(
      [{ issuer: issuer.url, introspection: { bearerToken, cacheTtl: 0 } }],
      {},
      { fetchTimeout },
    );

  it.each<[string, BearerTokenSource]>([
    ['a string', TOKEN],
    ['of a function', () => TOKEN],
    ['of an async function', async () => Promise.resolve(TOKEN)],
  ])('is sent in the header, without a client id in the form: %s', async (_, source) => {
    await startWith(source);
    expect(await status(tested.endpoint.issue(RESOURCE))).toBe(200);
    const [{ headers, form } = fail()] = tested.endpoint.calls;
    expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect([...form.keys()]).toEqual(['token', 'token_type_hint']);
  });

  it('comes from a new call of its function for each request', async () => {
    let count = 0;
    await startWith(() => `token-${++count}`);
    expect(count).toBe(0);
    await status(tested.endpoint.issue(RESOURCE));
    await status(tested.endpoint.issue(RESOURCE));
    expect(tested.endpoint.calls.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new TypeError(TOKEN);
      },
      'threw TypeError.',
    ],
    [
      'rejects with the code of the system',
      () =>
        Promise.reject(new TypeError(TOKEN, { cause: { code: 'ECONNREFUSED', message: TOKEN } })),
      'threw TypeError (ECONNREFUSED).',
    ],
    ['rejects with a token', () => Promise.reject(NO_ERROR), 'threw a value that is not'],
    ['returns nothing', () => undefined, 'returned something that is not a bearer token'],
    ['returns an empty text', () => '', 'returned something that is not a bearer token'],
    [
      'returns the scheme before the token',
      () => `Bearer ${TOKEN}`,
      'returned something that is not a',
    ],
    ['returns a line break', () => `${TOKEN}\r\nx-admin: 1`, 'returned something that is not a'],
    ['returns a line break at the end', () => `${TOKEN}\n`, 'returned something that is not a'],
    ['returns an array', () => [TOKEN], 'returned something that is not a bearer token'],
    [
      'returns another alphabet',
      () => `${TOKEN}ä`,
      'returned something that is not a bearer token',
    ],
    ['never settles', () => new Promise(() => undefined), 'returned no token within 200 ms'],
  ])('of a function that %s: 503, and the endpoint gets no request', async (_, source, logged) => {
    await startWith(source as never, 200);
    const response = await call(tested.endpoint.issue(RESOURCE));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.text()).not.toContain(TOKEN);
    expect(tested.endpoint.count).toBe(0);
    expect(tested.logged).toHaveLength(1);
    expect(tested.logged[0]).toContain(
      `Introspection by the authorization server ${issuer.url} failed: The function introspection.bearerToken ${logged}`,
    );
    expect(tested.logged[0]).not.toContain(TOKEN);
  });

  it('that the endpoint refuses: 503, and the next request gets the next token', async () => {
    const tokens = [TOKEN, 'the-next-one'];
    await startWith(() => tokens.shift() ?? '');
    tested.endpoint.fault = (_, response) => json(response, { error: 'invalid_token' }, 401);
    const token = tested.endpoint.issue(RESOURCE);
    const response = await call(token);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30']);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(tested.logged[0]).toContain(
      'answered 401 instead of 200. Check introspection.bearerToken and the endpoint.',
    );
    tested.endpoint.fault = undefined;
    expect(await status(token)).toBe(200);
    expect(tested.endpoint.calls[1]?.headers.authorization).toBe('Bearer the-next-one');
  });

  it('that never comes does not keep the application from closing', async () => {
    let asked: () => void = fail;
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    await startWith(() => {
      asked();
      return new Promise(() => undefined);
    }, 600_000);
    const resource = tested.app.get(ProtectedResourceRegistry).get(RESOURCE) ?? fail();
    const outcome = tested.app
      .get(AccessTokenVerifier)
      .verify(tested.endpoint.issue(RESOURCE), resource);
    const refused = expect(outcome).rejects.toThrow(AuthorizationServerUnavailableError);
    await arrived;
    await tested.app.close();
    await refused;
    expect(tested.logged).toEqual([]);
  });
});

function fail(): never {
  throw new Error('It is not there.');
}
