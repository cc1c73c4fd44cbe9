import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Catch,
  Controller,
  Get,
  Logger,
  type ArgumentsHost,
  type LoggerService,
} from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import {
  BearerAuthException,
  RequireAuth,
  RequireClaims,
  RequireScopes,
  type ProtectedResourceOptions,
  type TokenMismatch,
} from 'nestjs-mcp-auth';
import { adapters, oneResource, RESOURCE, startApp } from '../support/app.js';
import { DpopKey, type ProofOptions } from '../support/dpop/key.js';
import type { MintOptions } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';

const lines: string[] = [];
const caught: BearerAuthException[] = [];
const ignore = () => undefined;
const logger: LoggerService = {
  log: ignore,
  warn: ignore,
  error: ignore,
  debug: (line: string) => void lines.push(line),
};

@Catch(BearerAuthException)
class Filter extends BaseExceptionFilter {
  override catch(exception: BearerAuthException, host: ArgumentsHost): void {
    caught.push(exception);
    super.catch(exception, host);
  }
}

@Controller('notes')
class NotesController {
  @Get() @RequireScopes('read:notes') list() {
    return {};
  }

  @Get('staff') @RequireClaims({ realm_access: { roles: ['staff', 'editor'] } }) staff() {
    return {};
  }

  @Get('never') @RequireAuth(() => 'Ask the owner.') never() {
    return {};
  }
}

interface Case {
  name: string;
  token?: MintOptions;
  authorization?: string;
  path?: string;
  /** The parts of the line, in this order. `{issuer}` stands for the issuer. */
  line: string[];
  mismatch?: TokenMismatch;
}

const SECRET_CLAIM = 'not-for-any-log';
const right = (more: MintOptions = {}): MintOptions => ({ audience: RESOURCE, ...more });
const claims = (more: Record<string, unknown>): MintOptions => right({ claims: more });

const cases: Case[] = [
  {
    name: 'an audience with a trailing slash',
    token: { audience: `${RESOURCE}/` },
    line: [
      '401 invalid_token (audience)',
      `"aud" is "${RESOURCE}/"; expected one of: "${RESOURCE}". The values differ by a slash at the end.`,
      'The token says: typ "at+jwt", alg "ES256", iss "{issuer}"',
    ],
    mismatch: {
      claim: 'aud',
      problem: 'unexpected',
      expected: [RESOURCE],
      received: [`${RESOURCE}/`],
      hint: 'The values differ by a slash at the end.',
    },
  },
  {
    name: 'an audience in another case',
    token: { audience: [RESOURCE.toUpperCase(), 'account'] },
    line: [
      '(audience)',
      `"${RESOURCE.toUpperCase()}", "account"`,
      'The values differ in case only.',
    ],
  },
  {
    name: 'the audience with http:',
    token: { audience: RESOURCE.replace('https', 'http') },
    line: ['(audience)', 'The values differ in http: or https: only.'],
  },
  {
    name: 'no audience',
    token: {},
    line: ['(audience)', `"aud" is missing; expected one of: "${RESOURCE}".`, 'aud absent'],
    mismatch: { claim: 'aud', problem: 'missing', expected: [RESOURCE] },
  },
  {
    name: 'an audience that is an object',
    token: claims({ aud: { [RESOURCE]: 1 } }),
    line: ['(audience)', '"aud" is not accepted (malformed)'],
  },
  {
    name: 'another issuer',
    token: claims({ iss: 'https://other.example.com', azp: 'app', scope: 'a b' }),
    line: [
      '(issuer)',
      '"iss" is "https://other.example.com"; expected one of: "{issuer}".',
      'client_id "client-1", azp "app", scope "a b"',
    ],
  },
  {
    name: 'a token that names its client as OpenID Connect does',
    token: claims({ client_id: undefined, azp: 'app', aud: 'x' }),
    line: ['aud "x", azp "app", scope'],
  },
  {
    name: 'a token that names no client',
    token: claims({ client_id: undefined, aud: 'x' }),
    line: ['aud "x", client_id absent, scope'],
  },
  {
    name: 'the issuer in an array',
    token: claims({ iss: ['https://as.example.com'] }),
    line: ['"iss" is "https://as.example.com" (malformed); expected one of: "{issuer}".'],
  },
  {
    name: 'an unknown confirmation method',
    token: claims({ cnf: { kid: 'key' } }),
    line: [
      '401 invalid_token (confirmation). The access token is bound in a way that this resource cannot check. The token says',
    ],
  },
  {
    name: 'the issuer with a trailing slash',
    token: claims({ iss: '{issuer}/' }),
    line: ['(issuer)', 'The values differ by a slash at the end.'],
  },
  {
    name: 'an ID token by its typ',
    token: right({ header: { typ: 'dpop+jwt' } }),
    line: ['(type)', '"typ" is "dpop+jwt"; expected one of: "at+jwt", "jwt".'],
  },
  {
    name: 'an algorithm that is not accepted',
    authorization: `Bearer ${Buffer.from('{"alg":"HS256"}').toString('base64url')}.e30.c2ln`,
    line: ['(algorithm)', '"alg" is not accepted', 'expected one of: "RS256"', 'alg "HS256"'],
  },
  {
    name: 'no exp',
    token: claims({ exp: undefined }),
    line: ['(claim)', '"exp" is missing.'],
    mismatch: { claim: 'exp', problem: 'missing' },
  },
  {
    name: 'an exp in the past',
    token: claims({ exp: 1 }),
    line: ['(expired)', '"exp" is not accepted (unexpected); it must be in the future.'],
  },
  {
    name: 'a subject that is a number',
    token: claims({ sub: 5 }),
    line: ['(claim)', '"sub" is not accepted (malformed).'],
  },
  {
    name: 'a scope that is a number',
    token: claims({ scope: 5 }),
    line: ['(claim)', '"scope" is not accepted (malformed).'],
  },
  {
    name: 'a malformed JWT',
    authorization: 'Bearer opaque-1',
    line: ['(malformed)', 'The token (8 characters) is not a JWT', '"introspection"'],
  },
  {
    name: 'a missing scope',
    token: claims({ scope: 'Read:Notes' }),
    line: [
      '403 insufficient_scope.',
      '"scope" is "Read:Notes"; expected all of: "read:notes". The values differ in case only.',
    ],
    mismatch: {
      claim: 'scope',
      problem: 'unexpected',
      expected: ['read:notes'],
      received: ['Read:Notes'],
      hint: 'The values differ in case only.',
    },
  },
  {
    name: 'no scope at all',
    token: right(),
    line: ['403', '"scope" is missing; expected all of: "read:notes".'],
  },
  {
    name: 'a claim that a handler requires',
    path: '/notes/staff',
    token: claims({ realm_access: { roles: [SECRET_CLAIM] } }),
    line: [
      'NotesController.staff',
      '403 access_denied.',
      '"realm_access.roles" is not accepted (unexpected); expected one of: "staff", "editor".',
    ],
    mismatch: {
      claim: 'realm_access.roles',
      problem: 'unexpected',
      expected: ['staff', 'editor'],
    },
  },
  {
    name: 'a condition that is not met',
    path: '/notes/never',
    token: right(),
    line: ['Ask the owner. A condition of @RequireAuth() on NotesController.never is not met.'],
  },
  {
    name: 'no Authorization header',
    line: [
      '401 unauthorized.',
      'The request has no Authorization header of the form "Bearer <token>".',
    ],
  },
  {
    name: 'another scheme',
    authorization: 'Basic dXNlcjpwYXNzd29yZA==',
    line: ['401 unauthorized.', 'scheme "Basic", which this resource does not accept.'],
  },
  {
    name: 'the scheme DPoP, with dpop: off',
    authorization: 'DPoP abc',
    line: ['scheme "DPoP", which this resource does not accept (option "dpop").'],
  },
  {
    name: 'Bearer without a token',
    authorization: 'Bearer',
    line: ['400 invalid_request.', 'The request holds no token'],
  },
  {
    name: 'control characters, escapes and overrides in the token',
    token: claims({ iss: 'https://x\r\n[Nest] \u001b[31m\u202e\u2028\u0085', scope: '\u2066y' }),
    line: ['(issuer)', String.raw`https://x\r\n[Nest] \u001b[31m\u202e\u2028\u0085`],
  },
  {
    name: 'very long values',
    token: claims({ iss: 'i'.repeat(3000), scope: 's '.repeat(2000) }),
    line: ['(issuer)', 'iii'],
  },
];

const proofs: { proof: ProofOptions; line: string; mismatch: TokenMismatch }[] = [
  {
    proof: { uri: `${RESOURCE}/` },
    line: `"htu" is "${RESOURCE}/"; expected one of: "${RESOURCE}". The values differ by a slash at the end.`,
    mismatch: {
      claim: 'htu',
      problem: 'unexpected',
      expected: [RESOURCE],
      received: [`${RESOURCE}/`],
      hint: 'The values differ by a slash at the end.',
    },
  },
  {
    proof: { method: 'POST' },
    line: '"htm" is "POST"; expected one of: "GET".',
    mismatch: { claim: 'htm', problem: 'unexpected', expected: ['GET'], received: ['POST'] },
  },
];

describe.each(adapters)('the debug line of a rejection, on %s', (adapter) => {
  const issuer = useIssuer();
  let url: string;
  let dpopUrl: string;

  beforeAll(async () => {
    // Without this field, the log has another line, which says that clients get no bound tokens from this server.
    issuer.metadata = { dpop_signing_alg_values_supported: ['ES256'] };
    const start = async (more: Partial<ProtectedResourceOptions> = {}) =>
      startApp({
        adapter,
        options: oneResource(issuer.url, more),
        controllers: [NotesController],
        providers: [{ provide: APP_FILTER, useClass: Filter }],
        nest: { logger },
      });
    ({ url } = await start());
    ({ url: dpopUrl } = await start({ dpop: 'accepted' }));
  });

  beforeEach(() => {
    Logger.overrideLogger(logger);
    lines.length = 0;
    caught.length = 0;
  });

  const filled = (text: string) => text.replaceAll('{issuer}', issuer.url);
  const mint = async ({ claims = {}, ...more }: MintOptions) => {
    const iss = typeof claims.iss === 'string' ? { iss: filled(claims.iss) } : {};
    return issuer.mint({ ...more, claims: { email: SECRET_CLAIM, ...claims, ...iss } });
  };

  it.each(cases)('names the expected and the received value: $name', async (one) => {
    const token = one.token && (await mint(one.token));
    const authorization = token === undefined ? one.authorization : `Bearer ${token}`;
    await fetch(`${url}${one.path ?? '/notes'}`, {
      headers: authorization === undefined ? {} : { authorization },
    });

    expect(lines).toHaveLength(1);
    const [line = ''] = lines;
    expect(line).toMatch(/^Rejected NotesController\.\w+ of https:\/\/api\.example\.com\/notes: /);
    let at = 0;
    for (const part of one.line.map(filled)) {
      expect(line.slice(at)).toContain(part);
      at = line.indexOf(part, at) + part.length;
    }
    expect(line).toMatch(/^[\x20-\x7e…]{1,3000}$/);
    expect(line).not.toContain(SECRET_CLAIM);
    expect(line).not.toContain(token?.split('.')[2] ?? 'dXNlcjpwYXNzd29yZA');
    expect(caught).toHaveLength(1);
    const { cause } = caught[0] as { cause?: { mismatch?: TokenMismatch } };
    if (one.mismatch !== undefined) {
      expect(cause?.mismatch).toEqual(one.mismatch);
    }
    expect(JSON.stringify(cause ?? {})).not.toContain(SECRET_CLAIM);
  });

  it.each(proofs)('names the request for which a DPoP proof was made: $line', async (one) => {
    const key = await DpopKey.make();
    const token = await mint(claims({ cnf: { jkt: key.jkt } }));
    await fetch(`${dpopUrl}/notes`, {
      headers: { authorization: `DPoP ${token}`, dpop: await key.proof(token, one.proof) },
    });

    expect(lines).toEqual([expect.stringContaining(one.line)]);
    expect(lines[0]).toMatch(/: 401 invalid_dpop_proof \((?:uri|method)\)\. /);
    const { cause } = caught[0] as { cause?: { mismatch?: TokenMismatch } };
    expect(cause?.mismatch).toEqual(one.mismatch);
    expect(caught[0]?.message).not.toContain(RESOURCE);
  });

  it('is not built if debug is not enabled', async () => {
    Logger.overrideLogger(false);
    expect((await fetch(`${url}/notes`)).status).toBe(401);
    expect(lines).toEqual([]);
  });

  it('is not built for an accepted request', async () => {
    const token = await issuer.mint(claims({ scope: 'read:notes' }));
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${url}/notes`, { headers })).status).toBe(200);
    expect(lines).toEqual([]);
  });
});
