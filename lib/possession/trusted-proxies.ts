import { BlockList, isIP } from 'node:net';

/** The part of Node's request that tells its sender. */
interface Sent {
  readonly socket?: { readonly remoteAddress?: string };
}

/** Creates a list of subnets that can be checked for an address. */
export function blockListOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = '', prefix] = subnet.split('/');
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(
      net,
      prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix),
      family,
    );
  }
  return list;
}

/**
 * Returns `true` if the sender of a request is a trusted proxy. A sender without an IP address is never a trusted
 * proxy.
 */
export function isFromProxy({ socket }: Sent, trustedProxies: BlockList): boolean {
  const address = socket?.remoteAddress ?? '';
  return trustedProxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Describes for the log where a request came from, and what to correct. The text contains nothing that the
 * client wrote.
 */
export function untrustedSender({ socket }: Sent, trustedProxies: BlockList): string {
  const address = socket?.remoteAddress;
  if (address === undefined || address === '') {
    return 'a connection without an address, such as a Unix socket, which trustedProxies cannot name; have the proxy connect over TCP';
  }
  const twin = address === '::1' ? '127.0.0.1' : '::1';
  const isTwin =
    /^(?:::1$|(?:::ffff:)?127\.)/i.test(address) &&
    trustedProxies.check(twin, twin === '::1' ? 'ipv6' : 'ipv4');
  return `${address}, which trustedProxies does not name${
    isTwin
      ? `, though it names ${twin}: both are this machine, by IPv6 and by IPv4; name both addresses, because "localhost" may mean either of them`
      : '; add this address if it is that of the proxy'
  }`;
}
