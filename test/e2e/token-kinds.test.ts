import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AuthInfo } from 'nestjs-mcp-auth';
import type { VerifiedToken } from '../../lib/token/token-verifier.js';
import { TOKEN_KINDS, type TokenKind } from '../../lib/token/verification.js';
import { JwtTokenVerifier } from '../../lib/verification/jwt/jwt-token-verifier.js';
import { adapters, bearer, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import { Issuer } from '../support/issuer.js';

@Controller('notes')
class NotesController {
  @Get() list(@AuthInfo('subject') subject: string) {
    return { subject };
  }
}

/** A kind of token that the library does not have: `key-<subject>`. */
class ApiKeys implements TokenKind {
  constructor(private readonly verified: VerifiedToken) {}

  isFor(token: string) {
    return token.startsWith('key-');
  }

  async examine(token: string) {
    return { verified: { subject: token.slice('key-'.length), ...this.verified } };
  }
}

describe.each(adapters)('an own kind of token, on %s', (adapter) => {
  afterEach(stopApps);

  const serve = async (issuer: Issuer, verified: Partial<VerifiedToken> = {}) => {
    const keys = new ApiKeys({ issuer: issuer.url, audience: RESOURCE, ...verified });
    const { url } = await startApp({
      adapter,
      options: oneResource(issuer.url),
      controllers: [NotesController],
      override: (builder) =>
        builder.overrideProvider(TOKEN_KINDS).useFactory({
          factory: (jwts: TokenKind) => [keys, jwts],
          inject: [JwtTokenVerifier],
        }),
    });
    return async (token: string) => {
      const response = await fetch(`${url}/notes`, bearer(token));
      return `${response.status} ${await response.text()}`;
    };
  };

  it('works as one more provider in the list of verifiers', async () => {
    const issuer = await Issuer.start();
    const ask = await serve(issuer);
    expect(await ask('key-alice')).toBe('200 {"subject":"alice"}');
    const jwt = await issuer.mint({ audience: RESOURCE, claims: { sub: 'bob' } });
    expect(await ask(jwt)).toBe('200 {"subject":"bob"}');
    expect(await ask('other-alice')).toMatch('401');
    await issuer.down();
  });

  it.each<[string, Partial<VerifiedToken>]>([
    ['an issuer that is not trusted', { issuer: 'https://other.example.com' }],
    ['another audience', { audience: 'https://other.example.com' }],
    ['no audience', { audience: undefined }],
    ['an expiry in the past', { expiresAt: 1 }],
    ['an infinite expiry', { expiresAt: Infinity }],
  ])('gets the same checks as other kinds: %s is rejected', async (_, verified) => {
    const issuer = await Issuer.start();
    const ask = await serve(issuer, verified);
    expect(await ask('key-alice')).toMatch('401');
    await issuer.down();
  });
});
