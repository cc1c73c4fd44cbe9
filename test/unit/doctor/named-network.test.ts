import { describe, expect, it } from '@jest/globals';
import { NamedNetwork } from '../../../lib/doctor/named-network.js';

const PUBLIC = 'https://203.0.113.7';

function addressOf(named: string, url: string) {
  return new NamedNetwork(named).addressesOf(new URL(url), 1000);
}

describe('the network that the user named', () => {
  it.each([
    ['the same URL', 'http://127.0.0.1:3000/mcp', 'http://127.0.0.1:3000/.well-known/x'],
    ['this machine', 'http://127.0.0.1:3000/mcp', 'http://127.0.0.1:4000/'],
    ['a private address, from this machine', 'http://127.0.0.1:3000/mcp', 'https://10.0.0.1/'],
    ['the internet, from this machine', 'http://127.0.0.1:3000/mcp', PUBLIC],
    ['the internet, from the internet', PUBLIC, 'https://203.0.113.8/'],
  ])('includes %s', async (_, named, url) => {
    expect(await addressOf(named, url)).toHaveLength(1);
  });

  it.each([
    ['this machine, from the internet', PUBLIC, 'http://127.0.0.1:3000/'],
    ['a private address, from the internet', PUBLIC, 'https://10.0.0.1/'],
    ['the metadata service of a cloud, from the internet', PUBLIC, 'http://169.254.169.254/'],
    ['this machine, from a private address', 'https://10.0.0.1', 'http://[::1]:3000/'],
  ])('does not include %s', async (_, named, url) => {
    await expect(addressOf(named, url)).rejects.toThrow(
      `${url} leads to a private network or to this machine. It was not asked, because ${named} is not there.`,
    );
  });
});
