import { BlockList, isIP } from 'node:net';

/**
 * The levels of nearness of an IP address: on the internet, on a private network, on this machine or its
 * link.
 */
export const Nearness = { public: 0, privateNetwork: 1, thisMachine: 2 } as const;

/** The loopback, unspecified and link-local addresses, and those of the metadata services of clouds. */
const thisMachine = blockList(
  ['127.0.0.0/8', '0.0.0.0/8', '169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32'],
  ['::/127', 'fe80::/10', 'fd00:ec2::254/128'],
);

/**
 * The addresses that are not reached over the internet (RFC 6890): private, shared with a carrier
 * (CGNAT), unique local, for benchmarks, multicast and reserved ones, and IPv6 addresses that are translated
 * locally or tunneled (Teredo, 6to4).
 */
const privateNetwork = blockList(
  [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '192.0.0.0/24',
    '198.18.0.0/15',
    '224.0.0.0/3',
  ],
  ['fc00::/7', 'fec0::/10', 'ff00::/8', '64:ff9b:1::/48', '2001::/32', '2002::/16'],
);

/**
 * Returns the nearness of an address. A text that is not an IP address counts as nearest, so it is
 * blocked.
 */
export function nearness(address: string): number {
  const host = address.replace(/%.*$/, '');
  const version = isIP(host);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (version === 0 || thisMachine.check(host, family)) {
    return Nearness.thisMachine;
  }
  return privateNetwork.check(host, family) ? Nearness.privateNetwork : Nearness.public;
}

/** Creates a list of subnets. It also contains the IPv6 forms of IPv4: mapped, compatible, NAT64 (RFC 6052). */
function blockList(ipv4: string[], ipv6: string[]): BlockList {
  const list = new BlockList();
  for (const [net = '', prefix] of ipv4.map((subnet) => subnet.split('/'))) {
    list.addSubnet(net, Number(prefix), 'ipv4');
    for (const translated of ['::', '::ffff:', '64:ff9b::']) {
      list.addSubnet(translated + net, Number(prefix) + 96, 'ipv6');
    }
  }
  for (const [net = '', prefix] of ipv6.map((subnet) => subnet.split('/'))) {
    list.addSubnet(net, Number(prefix), 'ipv6');
  }
  return list;
}
