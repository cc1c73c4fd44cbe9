import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { InvalidTokenError, type InvalidTokenReason } from 'nestjs-mcp-auth';

// The compiler reports an error if a reason is missing here.
const reasons = Object.keys({
  malformed: true,
  algorithm: true,
  type: true,
  issuer: true,
  signature: true,
  expired: true,
  not_yet_valid: true,
  too_old: true,
  audience: true,
  claim: true,
  confirmation: true,
  possession: true,
  transport: true,
  unbound: true,
  revoked: true,
  rejected: true,
} satisfies Record<InvalidTokenReason, true>) as InvalidTokenReason[];

describe('docs/errors-and-challenges.md', () => {
  it.each(reasons)('documents the message of the reason %s', async (reason) => {
    const page = await readFile('docs/errors-and-challenges.md', 'utf8');
    const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const told = rows.find(([, name]) => name === `\`${reason}\``)?.[2];
    expect(told).toBe(`\`${new InvalidTokenError(reason).message}\``);
  });
});
