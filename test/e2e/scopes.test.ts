import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Param } from '@nestjs/common';
import { RequireScopes } from 'nestjs-mcp-auth';
import { adapters } from '../support/app.js';
import { serve } from '../support/serve.js';

@Controller('any')
class AnyController {
  @Get('two') @RequireScopes({ anyOf: ['a', 'b'] }) two() {
    return {};
  }

  @Get('nested') @RequireScopes({ anyOf: ['admin', ['a', 'b'], ['c', 'd', 'e']] }) nested() {
    return {};
  }

  @Get('all-of-any') @RequireScopes({ anyOf: ['a', 'b'] }, { anyOf: ['b', 'c'] }) allOfAny() {
    return {};
  }

  @Get('computed/:scope')
  @RequireScopes<{ params: { scope: string } }>('base', async ({ params }, { subject }) => {
    await Promise.resolve();
    return params.scope === 'none' ? undefined : `${params.scope}:${subject}`;
  })
  computed(@Param('scope') scope: string) {
    return { scope };
  }

  @Get('malformed') @RequireScopes(() => 'a b') malformed() {
    return {};
  }

  @Get('narrow') @RequireScopes('read:notes') narrow() {
    return {};
  }
}

interface Case {
  name: string;
  path: string;
  /** The scopes of the token. `undefined` for a request without a token. */
  scope?: string;
  status: number;
  /** The `scope` of the challenge. */
  challenged?: string;
}

const requirements: Case[] = [
  { name: 'one of two alternatives', path: 'any/two', scope: 'b', status: 200 },
  {
    name: 'no scope of two alternatives, with a challenge that names the first alternative',
    path: 'any/two',
    scope: '',
    status: 403,
    challenged: 'a',
  },
  { name: 'alternatives and no token', path: 'any/two', status: 401, challenged: 'a' },
  { name: 'a whole alternative', path: 'any/nested', scope: 'a b', status: 200 },
  {
    name: 'parts of two alternatives',
    path: 'any/nested',
    scope: 'b c d',
    status: 403,
    challenged: 'admin',
  },
  {
    name: 'a token that meets the second alternative',
    path: 'any/nested',
    scope: 'd e c x',
    status: 200,
  },
  {
    name: 'no scope, with a challenge that names the shortest alternative',
    path: 'any/nested',
    scope: '',
    status: 403,
    challenged: 'admin',
  },
  {
    name: 'two anyOf that one scope meets',
    path: 'any/all-of-any',
    scope: '',
    status: 403,
    challenged: 'b',
  },
  {
    name: 'two anyOf, only one of which is met',
    path: 'any/all-of-any',
    scope: 'a',
    status: 403,
    challenged: 'a b',
  },
  {
    name: 'a missing computed scope',
    path: 'any/computed/x',
    scope: 'base',
    status: 403,
    challenged: 'base x:alice',
  },
  { name: 'a granted computed scope', path: 'any/computed/x', scope: 'base x:alice', status: 200 },
  {
    name: 'a function that returns no scope',
    path: 'any/computed/none',
    scope: 'base',
    status: 200,
  },
  {
    name: 'a computed scope and no token, with a challenge that names the fixed scopes',
    path: 'any/computed/x',
    status: 401,
    challenged: 'base',
  },
  {
    name: 'a function that returns a malformed scope',
    path: 'any/malformed',
    scope: 'a b',
    status: 500,
  },
  { name: 'a broad scope for a narrow one', path: 'any/narrow', scope: 'everything', status: 200 },
  {
    name: 'a scope in the middle of the hierarchy',
    path: 'any/narrow',
    scope: 'notes',
    status: 200,
  },
  {
    name: 'another narrow scope, with a challenge that names the needed narrow scope',
    path: 'any/narrow',
    scope: 'write:notes',
    status: 403,
    challenged: 'read:notes',
  },
];

describe.each(adapters)('scopes, on %s', (adapter) => {
  const server = serve(adapter, {
    resource: {
      scopeHierarchy: { everything: ['notes', 'other'], notes: ['read:notes', 'write:notes'] },
    },
    controllers: [AnyController],
  });

  describe('requirements', () => {
    it.each(requirements)(
      'answer $status for $name',
      async ({ path, scope, status, challenged }) => {
        const token = scope === undefined ? undefined : await server.mint({ claims: { scope } });
        const response = await server.get(path, token);
        expect(response.status).toBe(status);
        const challenge = response.headers.get('www-authenticate');
        expect(/scope="([^"]*)"/.exec(challenge ?? '')?.[1]).toBe(challenged);
      },
    );
  });
});
