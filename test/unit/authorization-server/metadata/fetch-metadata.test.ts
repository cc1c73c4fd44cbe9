import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AuthorizationServerUnavailableError,
  InvalidAuthorizationServerMetadataError,
} from 'nestjs-mcp-auth';
import { fetchMetadata } from '../../../../lib/authorization-server/metadata/fetch-metadata.js';
import { IssuerNetwork } from '../../../../lib/authorization-server/fetching/issuer-network.js';
import type { DiscoveredAuthorizationServer } from '../../../../lib/options/authorization-server.options.js';
import { Issuer } from '../../../support/issuer.js';

const OAUTH = '/.well-known/oauth-authorization-server';
const OIDC = '/.well-known/openid-configuration';

let issuer: Issuer;

beforeEach(async () => {
  issuer = await Issuer.start();
});

afterEach(() => issuer.down());

const fetchOf = (server: Partial<DiscoveredAuthorizationServer> = {}, timeout = 10_000) =>
  fetchMetadata(
    { issuer: issuer.url, ...server },
    { timeout, network: new IssuerNetwork(issuer.url) },
  );

const failure = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Fetches from a single candidate, so that the message is about one document. */
const oidc = (server: Partial<DiscoveredAuthorizationServer> = {}, timeout?: number) =>
  fetchOf({ type: 'oidc', ...server }, timeout);

const unusable = (why: string) =>
  `No usable metadata of the authorization server ${issuer.url}: ${why}`;

describe('the metadata of an authorization server', () => {
  it('is frozen, and accepted without jwks_uri', async () => {
    issuer.metadata = { jwks_uri: undefined };
    const { value } = await oidc();
    expect(value.issuer).toBe(issuer.url);
    expect(value.jwksUri).toBeUndefined();
    expect(Object.isFrozen(value)).toBe(true);
  });

  it('is transformed before its issuer is compared', async () => {
    issuer.metadata = { issuer: 'https://other.example.com' };
    const { value } = await oidc({
      transformMetadata: (document) => ({ ...document, issuer: issuer.url }),
    });
    expect(value.issuer).toBe(issuer.url);
  });

  it('is invalid if no candidate URL has it. The error names all candidates, and its cause is the first error', async () => {
    [OAUTH, OIDC].forEach((path) => {
      issuer.answer(path, (_, response) => response.writeHead(404).end());
    });
    const error = await failure(fetchOf());
    const [first, second] = [OAUTH, OIDC].map(
      (path) => `${issuer.url}${path} answered 404 instead of 200.`,
    );
    expect(error).toBeInstanceOf(InvalidAuthorizationServerMetadataError);
    expect(error).toMatchObject({
      message: unusable(`${first} ${second}`),
      cause: { message: first },
    });
  });

  it('is unavailable if all candidate URLs fail. The error names all candidates, and its cause is the first error', async () => {
    [OAUTH, OIDC].forEach((path) => {
      issuer.answer(path, (_, response) => response.writeHead(500).end());
    });
    const error = await failure(fetchOf());
    const [first, second] = [OAUTH, OIDC].map((path) => `${issuer.url}${path} answered 500.`);
    expect(error).toBeInstanceOf(AuthorizationServerUnavailableError);
    expect(error).toMatchObject({
      message: `The authorization server ${issuer.url} is unavailable: ${first} ${second}`,
      cause: { message: first },
    });
  });

  it('is fetched again within a minute if it lacks jwks_uri', async () => {
    expect((await oidc()).lifetime).toBe(600_000);
    issuer.metadata = { jwks_uri: undefined };
    expect((await oidc()).lifetime).toBe(60_000);
  });

  it.each<[string, unknown, string]>([
    ['another server’s', 'https://other.example.com', '"https://other.example.com"'],
    [
      'very long, which the error shortens',
      `https://${'x'.repeat(1000)}`,
      `"https://${'x'.repeat(192)}"`,
    ],
    ['not a string', 1, 'not a string'],
    ['missing', undefined, 'not a string'],
  ])('is rejected with an issuer that is %s', async (_, given, found) => {
    issuer.metadata = { issuer: given };
    expect(await failure(oidc())).toMatchObject({
      message: unusable(
        `${issuer.url}${OIDC} is of another issuer: its "issuer" must be "${issuer.url}", but is ${found}.`,
      ),
    });
  });

  it('is rejected with an insecure jwks_uri', async () => {
    issuer.metadata = { jwks_uri: 'http://keys.example.com' };
    const error = await failure(oidc());
    expect(error).toBeInstanceOf(InvalidAuthorizationServerMetadataError);
    expect((error as Error).message).toMatch(/ has a "jwks_uri" that must use https:/);
  });

  it('is rejected if transformMetadata throws', async () => {
    const cause = new Error('boom');
    const transformMetadata = () => {
      throw cause;
    };
    const error = await failure(oidc({ transformMetadata }));
    const why = `transformMetadata, given the document of ${issuer.url}${OIDC}, threw: boom`;
    expect(error).toMatchObject({ message: unusable(why), cause: { message: why, cause } });
  });

  it('is rejected if transformMetadata does not return in time', async () => {
    const transformMetadata = () => new Promise<never>(() => undefined);
    expect(await failure(oidc({ transformMetadata }, 300))).toMatchObject({
      message: unusable(
        `transformMetadata, given the document of ${issuer.url}${OIDC}, gave nothing within 300 ms`,
      ),
    });
  });

  it('is rejected if transformMetadata returns nothing', async () => {
    const transformMetadata = () => undefined as never;
    const error = await failure(oidc({ transformMetadata }));
    expect((error as Error).message).toMatch(/"issuer" must be .*, but is not a string/);
  });
});
