import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Catch,
  Controller,
  Get,
  type ArgumentsHost,
  type ExceptionFilter,
  type INestApplication,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import {
  AuthorizationServerUnavailableError,
  BearerAuthException,
  InsufficientScopeException,
  InvalidTokenError,
  RequireScopes,
  TemporarilyUnavailableException,
  type VerifiedToken,
} from 'nestjs-mcp-auth';
import { adapters, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';

const ISSUER = 'https://auth.example.com';

@Controller('notes')
class NotesController {
  @Get() @RequireScopes('read', 'list') get() {
    return {};
  }
}

/** Answers with the properties of the rejection. */
@Catch(BearerAuthException)
class ShowingFilter implements ExceptionFilter<BearerAuthException> {
  constructor(private readonly app: INestApplication) {}

  catch(rejection: BearerAuthException, host: ArgumentsHost): void {
    const { httpAdapter } = this.app.get(HttpAdapterHost);
    const { name, code, message, cause } = rejection;
    const shown = {
      name,
      code,
      message,
      status: rejection.getStatus(),
      body: rejection.getResponse(),
      fields: Object.keys(rejection.headers),
      ...(cause instanceof Error && { cause: cause.message }),
      ...(rejection instanceof InsufficientScopeException && { scopes: rejection.requiredScopes }),
      ...(rejection instanceof TemporarilyUnavailableException && { after: rejection.retryAfter }),
    };
    httpAdapter.reply(host.switchToHttp().getResponse(), shown, 418);
  }
}

/** Lets the text of the token choose the result. */
function verify(token: string): VerifiedToken {
  if (token === 'expired') {
    throw new InvalidTokenError('expired');
  }
  if (token.startsWith('down')) {
    throw new AuthorizationServerUnavailableError('down', Number(token.slice(4)));
  }
  const claims = token === 'bound' ? { cnf: { jkt: 'thumbprint' } } : {};
  return { issuer: ISSUER, audience: RESOURCE, scopes: ['list'], claims };
}

afterEach(stopApps);

describe.each(adapters)('the exception of a rejection, on %s', (adapter) => {
  const call = async (
    authorization: string | undefined,
    setUp?: (app: INestApplication) => void,
  ) => {
    const { url } = await startApp({
      adapter,
      options: oneResource(ISSUER, { tokenVerifier: verify, dpop: 'accepted' }),
      controllers: [NotesController],
      setUp,
    });
    return fetch(`${url}/notes`, authorization ? { headers: { authorization } } : {});
  };

  it.each([
    [
      'for a missing token',
      undefined,
      {
        name: 'MissingTokenException',
        code: 'unauthorized',
        message: 'This resource needs an access token.',
        status: 401,
        fields: ['WWW-Authenticate'],
      },
    ],
    [
      'for a malformed Authorization header',
      'Bearer a b',
      {
        name: 'InvalidRequestException',
        code: 'invalid_request',
        message: 'The request holds more than one token, or one with characters that no token has.',
        status: 400,
        fields: ['WWW-Authenticate'],
      },
    ],
    [
      'for an invalid token',
      'Bearer expired',
      {
        name: 'InvalidTokenException',
        code: 'invalid_token',
        message: 'The access token expired.',
        status: 401,
        fields: ['WWW-Authenticate'],
        cause: 'The access token expired.',
      },
    ],
    [
      'for a proof of possession that is missing',
      'DPoP bound',
      {
        name: 'InvalidDpopProofException',
        code: 'invalid_dpop_proof',
        message: 'The request has no DPoP proof.',
        status: 401,
        fields: ['WWW-Authenticate'],
        cause: 'The request has no DPoP proof.',
      },
    ],
    [
      'for a scope that is missing',
      'Bearer poor',
      {
        name: 'InsufficientScopeException',
        code: 'insufficient_scope',
        message: 'The access token lacks a scope that this operation needs.',
        status: 403,
        fields: ['WWW-Authenticate'],
        cause: 'The access token lacks a scope that this operation needs.',
        scopes: ['list', 'read'],
      },
    ],
    [
      'while the authorization server is down',
      'Bearer down7',
      {
        name: 'TemporarilyUnavailableException',
        code: 'temporarily_unavailable',
        message: 'The access token cannot be verified at the moment.',
        status: 503,
        fields: ['Retry-After'],
        cause: 'down',
        after: 7,
      },
    ],
  ])('%s gives an exception filter all details', async (_, authorization, expected) => {
    const response = await call(authorization, (app) => {
      app.useGlobalFilters(new ShowingFilter(app));
    });
    const { code: error, message: error_description } = expected;
    const shown = (await response.json()) as { scopes?: string[] };
    shown.scopes?.sort();
    expect(shown).toEqual({ ...expected, body: { error, error_description } });
    expect(response.headers.has('www-authenticate')).toBe(expected.status !== 503);
  });

  it.each([
    ['half a second', 'down0.5', '1'],
    ['a second and a bit', 'down1.01', '2'],
    ['no time', 'down0', '1'],
    ['a negative time', 'down-3', '1'],
    ['a day', 'down86400', '86400'],
    ['more than a day', 'down86401', '86400'],
    ['an infinite time', 'downInfinity', '5'],
    ['NaN', 'downx', '5'],
  ])('sends Retry-After in whole seconds for %s', async (_, token, after) => {
    const response = await call(`Bearer ${token}`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, after]);
  });
});
