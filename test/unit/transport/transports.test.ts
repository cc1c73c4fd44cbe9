import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { McpAuthConfigurationError } from 'nestjs-mcp-auth';
import { transportOf } from '../../../lib/transport/transports.js';

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

describe('a handler whose request cannot be found is a configuration error', () => {
  it.each([
    ['a handler of an unknown transport', ['carrier-pigeon'], /is called by carrier-pigeon/],
    ['a microservice handler', ['rpc'], /is called by a message.*getRequest\(\)/],
    ['a gateway with an unknown client', ['ws', {}], /handleConnection/],
    ['a gateway whose handshake has no headers', ['ws', { request: {} }], /handleConnection/],
    ['a resolver without a GraphQL context', ['graphql'], /"context" option of the GraphQLModule/],
    ['a resolver whose context.req is not a request', ['graphql', 0, { req: {} }], /as "req"/],
  ] as const)('%s', (_what, args, message) => {
    const request = () => requestOf(...(args as unknown as Parameters<typeof contextOf>));
    expect(request).toThrow(McpAuthConfigurationError);
    expect(request).toThrow(/NotesGateway\.list/);
    expect(request).toThrow(message);
  });
});
