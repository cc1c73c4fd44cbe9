import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import {
  MissingTokenException,
  TemporarilyUnavailableException,
} from '../../../lib/challenge/bearer-auth.exception.js';
import { rejectionDetails } from '../../../lib/transport/rejection-details.js';
import { transportOf } from '../../../lib/transport/transports.js';

const contextOf = (type: string, client?: unknown, graphqlContext?: unknown) =>
  ({
    getType: () => type,
    getClass: () => ({ name: 'NotesGateway' }),
    getHandler: () => ({ name: 'list' }),
    getArgs: () => [undefined, {}, graphqlContext, { fieldNodes: [] }],
    switchToWs: () => ({ getClient: () => client, getData: () => 'data' }),
  }) as unknown as ExecutionContext;

describe('a rejection on a transport without header fields', () => {
  const missing = new MissingTokenException({ 'WWW-Authenticate': 'Bearer scope="a"' });
  const unavailable = new TemporarilyUnavailableException(7, new Error('down'));

  it('contains the challenge', () => {
    expect(rejectionDetails(missing)).toEqual({
      status: 'error',
      message: missing.message,
      error: 'unauthorized',
      error_description: missing.message,
      challenge: 'Bearer scope="a"',
    });
    expect(rejectionDetails(missing)).not.toHaveProperty('retry_after');
  });

  it('contains the time to retry', () => {
    expect(rejectionDetails(unavailable)).toEqual({
      status: 'error',
      message: unavailable.message,
      error: 'temporarily_unavailable',
      error_description: unavailable.message,
      retry_after: 7,
    });
    expect(rejectionDetails(unavailable)).not.toHaveProperty('challenge');
  });

  it.each(['ws', 'rpc'])('is the cause of an exception of its transport: %s', async (type) => {
    const error = await transportOf(contextOf(type)).toError(missing);
    expect(error).not.toBe(missing);
    expect(error).toHaveProperty('cause', missing);
  });
});
