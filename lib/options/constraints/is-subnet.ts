import { isIP } from 'node:net';
import { constraint } from '../validation/constraint.js';

/** An IP address, or a subnet that is not everybody's. */
export const IsSubnet = constraint('isSubnet', (value) => {
  const text = typeof value === 'string' ? value : '';
  const [, net = '', prefix] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = isIP(net);
  if (family === 0 || Number(prefix ?? 1) > (family === 6 ? 128 : 32)) {
    return 'must be an IP address or a subnet, such as "10.1.2.3" or "10.0.0.0/8"';
  }
  return Number(prefix) === 0
    ? 'must not be everybody; name the addresses of the proxy'
    : undefined;
});
