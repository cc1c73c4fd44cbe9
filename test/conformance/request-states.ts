import { randomBytes } from 'node:crypto';
import { createRequestStateCodec } from '@modelcontextprotocol/server';

/** Signs what a tool remembers while the client gathers input. */
export const states = createRequestStateCodec<Record<string, unknown>>({ key: randomBytes(32) });
