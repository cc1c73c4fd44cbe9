import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { McpAuthConfigurationError } from 'nestjs-mcp-auth';
import {
  MissingTokenException,
  TemporarilyUnavailableException,
} from '../../lib/challenge/bearer-auth.exception.js';
import { rejectionDetails } from '../../lib/transport/rejection-details.js';
import { transportOf } from '../../lib/transport/transport-of.js';

const contextOf = (type: string, client?: unknown, graphqlContext?: unknown) =>
  ({
    getType: () => type,
    getClass: () => ({ name: 'NotesGateway' }),
    getHandler: () => ({ name: 'list' }),
    getArgs: () => [undefined, {}, graphqlContext, { fieldNodes: [] }],
    switchToWs: () => ({ getClient: () => client, getData: () => 'data' }),
  }) as unknown as ExecutionContext;
const requestOf = (...args: Parameters<typeof contextOf>) => {
  const context = contextOf(...args);
  return transportOf(context).getRequest(context);
};

describe('a handler whose request cannot be had lets nobody in', () => {
  it.each([
    ['of a kind that is not known', ['carrier-pigeon'], /is called by carrier-pigeon/],
    ['of a microservice', ['rpc'], /is called by a message.*getRequest\(\)/],
    ['of a gateway whose client is unknown', ['ws', {}], /handleConnection/],
    ['of a gateway whose handshake has no headers', ['ws', { request: {} }], /handleConnection/],
    ['of a resolver without a context', ['graphql'], /"context" of the GraphQLModule/],
    ['of a resolver whose request is another thing', ['graphql', 0, { req: {} }], /as "req"/],
  ] as const)('%s', (_what, args, message) => {
    const request = () => requestOf(...(args as unknown as Parameters<typeof contextOf>));
    expect(request).toThrow(McpAuthConfigurationError);
    expect(request).toThrow(/NotesGateway\.list/);
    expect(request).toThrow(message);
  });
});

describe('a rejection without header fields', () => {
  const missing = new MissingTokenException({ 'WWW-Authenticate': 'Bearer scope="a"' });
  const unavailable = new TemporarilyUnavailableException(7, new Error('down'));

  it('tells a client where to get a token', () => {
    expect(rejectionDetails(missing)).toEqual({
      status: 'error',
      message: missing.message,
      error: 'unauthorized',
      error_description: missing.message,
      challenge: 'Bearer scope="a"',
    });
    expect(rejectionDetails(missing)).not.toHaveProperty('retry_after');
  });

  it('tells a client when to try again', () => {
    expect(rejectionDetails(unavailable)).toEqual({
      status: 'error',
      message: unavailable.message,
      error: 'temporarily_unavailable',
      error_description: unavailable.message,
      retry_after: 7,
    });
    expect(rejectionDetails(unavailable)).not.toHaveProperty('challenge');
  });

  it.each(['ws', 'rpc'])(
    'is thrown as an error of its kind that has it as cause: %s',
    async (type) => {
      const error = await transportOf(contextOf(type)).toError(missing);
      expect(error).not.toBe(missing);
      expect(error).toHaveProperty('cause', missing);
    },
  );
});
