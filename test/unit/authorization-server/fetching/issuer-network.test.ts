import dns from 'node:dns/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { InvalidAuthorizationServerMetadataError } from 'nestjs-mcp-auth';
import { IssuerNetwork } from '../../../../lib/authorization-server/fetching/issuer-network.js';

const PUBLIC = '93.184.216.34';
const PRIVATE = '10.0.0.1';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Replaces the DNS look-up with one that knows only these names and addresses. */
function names(known: Record<string, string>): void {
  const lookup = (name: string) =>
    name in known
      ? Promise.resolve((known[name] ?? '').split(' ').map((address) => ({ address, family: 4 })))
      : Promise.reject(new Error(`ENOTFOUND ${name}`));
  jest.spyOn(dns, 'lookup').mockImplementation(lookup as never);
}

const network = () => new IssuerNetwork('https://auth.example.com');
const documents = (host: string) => new URL(`https://${host}/jwks`);

describe('the addresses that documents of an issuer may have', () => {
  it('are only public addresses if the issuer’s host cannot be resolved', async () => {
    names({ 'keys.example.com': PUBLIC, 'inner.example.com': PRIVATE });
    await expect(network().addressesOf(documents('keys.example.com'), 5000)).resolves.toEqual([
      { address: PUBLIC, family: 4 },
    ]);
    await expect(network().addressesOf(documents('inner.example.com'), 5000)).rejects.toThrow(
      InvalidAuthorizationServerMetadataError,
    );
  });

  it('are only public addresses once the issuer’s host has resolved to a public address', async () => {
    const known = { 'auth.example.com': PUBLIC, 'inner.example.com': PRIVATE };
    names(known);
    const issuer = network();
    await expect(issuer.addressesOf(documents('auth.example.com'), 5000)).resolves.toHaveLength(1);
    known['auth.example.com'] = PRIVATE;
    await expect(issuer.addressesOf(documents('inner.example.com'), 5000)).rejects.toThrow(
      'https://inner.example.com/jwks leads to an address on a private network or on this machine, which is nearer than the issuer https://auth.example.com. If this is intended, set allowPrivateNetwork of this authorization server.',
    );
    await expect(network().addressesOf(documents('inner.example.com'), 5000)).resolves.toHaveLength(
      1,
    );
  });

  it.each([
    ['a private IPv4 and a global IPv6 address', `${PRIVATE} 2606:2800:220:1::1`],
    ['a loopback and a private address', `127.0.0.1 ${PRIVATE}`],
  ])('include the addresses of the issuer’s own host: %s', async (_, addresses) => {
    names({ 'auth.example.com': addresses, 'inner.example.com': PRIVATE });
    const issuer = network();
    await expect(issuer.addressesOf(documents('auth.example.com'), 5000)).resolves.toHaveLength(2);
    await expect(issuer.addressesOf(documents('auth.example.com'), 5000)).resolves.toHaveLength(2);
  });

  it.each(['https://auth.example.com:8443/jwks', 'http://auth.example.com/jwks'])(
    'do not include another port or a private host, if the issuer’s host has a public and a private address: %s',
    async (url) => {
      names({ 'auth.example.com': `${PRIVATE} ${PUBLIC}`, 'inner.example.com': PRIVATE });
      const issuer = network();
      await issuer.addressesOf(documents('auth.example.com'), 5000);
      for (const other of [new URL(url), documents('inner.example.com')]) {
        await expect(issuer.addressesOf(other, 5000)).rejects.toThrow('set allowPrivateNetwork');
      }
    },
  );

  it('do not include a private address that is added later to a public issuer’s host', async () => {
    const known = { 'auth.example.com': PUBLIC };
    names(known);
    const issuer = network();
    await issuer.addressesOf(documents('auth.example.com'), 5000);
    known['auth.example.com'] = `${PUBLIC} ${PRIVATE}`;
    const attempt = issuer.addressesOf(documents('auth.example.com'), 5000);
    await expect(attempt).rejects.toThrow('set allowPrivateNetwork');
  });

  it('cannot be found if the host of the document cannot be resolved, which is an error', async () => {
    names({ 'auth.example.com': PUBLIC });
    await expect(network().addressesOf(documents('keys.example.com'), 5000)).rejects.toThrow(
      'ENOTFOUND',
    );
  });

  it('are looked up without the brackets of an IPv6 literal', async () => {
    names({ 'auth.example.com': PUBLIC, '2606:2800:220:1::1': '2606:2800:220:1::1' });
    const url = new URL('https://[2606:2800:220:1::1]/jwks');
    await expect(network().addressesOf(url, 5000)).resolves.toHaveLength(1);
  });
});
