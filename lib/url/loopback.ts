import { BlockList, isIP } from 'node:net';

/** Whether a URL's host is this machine: `localhost` and below (RFC 6761), `127.0.0.0/8`, `[::1]`. */
export function isLoopback({ hostname }: URL): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

const thisMachine = new BlockList();
thisMachine.addSubnet('127.0.0.0', 8);
thisMachine.addSubnet('0.0.0.0', 8);
thisMachine.addAddress('::1', 'ipv6');
thisMachine.addAddress('::', 'ipv6');
thisMachine.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');
thisMachine.addSubnet('::ffff:0.0.0.0', 104, 'ipv6');

/**
 * Whether a URL's host is written as one of this machine's own addresses, in whatever form. What a
 * name resolves to is not looked up.
 */
export function isThisMachine({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const version = isIP(host);
  return version === 0
    ? host === 'localhost' || host.endsWith('.localhost')
    : thisMachine.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
