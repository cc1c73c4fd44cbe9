import { randomBytes } from 'node:crypto';
import { createRequestStateCodec } from '@modelcontextprotocol/server';

/**
 * Signs and verifies the state that a tool gives to the client when it asks for input, and that the client sends
 * back with the input.
 */
export const states = createRequestStateCodec<Record<string, unknown>>({ key: randomBytes(32) });
