import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { McpAuthConfigurationError } from 'nestjs-mcp-auth';
import { createDpopKey } from 'nestjs-mcp-auth/testing';
import { secret } from '../../support/leaks/secret.js';

describe('createDpopKey', () => {
  it('makes proofs for a URL without its query and its fragment', async () => {
    const key = await createDpopKey();
    const proof = await key.proof('token', { url: 'https://api.example.com/notes?page=2#end' });
    expect(decodeJwt(secret(proof))).toMatchObject({
      htm: 'GET',
      htu: 'https://api.example.com/notes',
    });
  });

  it.each(['/notes', '', 'notes'])('refuses %j, which is no absolute URL', async (url) => {
    const proof = (await createDpopKey()).proof('token', { url });
    await expect(proof).rejects.toThrow(McpAuthConfigurationError);
    await expect(proof).rejects.toThrow(`(given: "${url}")`);
  });
});
