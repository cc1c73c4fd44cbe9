import { isIP } from 'node:net';
import { Matches } from 'class-validator';
import { constraint } from '../validation/constraint.js';
import { itemsProblem } from '../validation/each-item.js';
import { must } from '../validation/must.js';

/** Checks for the name of a header field that a proxy sets. */
export const IsHeaderName = (example: string): PropertyDecorator =>
  Matches(/^[a-z][a-z0-9-]*$/i, {
    message: `must be the name of a header field, such as "${example}"`,
  });

/** Checks that a value is an IP address or a subnet. A subnet of all addresses is not valid. */
const IsSubnet = constraint('isSubnet', (value) => {
  const text = typeof value === 'string' ? value : '';
  const [, net = '', prefix] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = isIP(net);
  if (family === 0 || Number(prefix ?? 1) > (family === 6 ? 128 : 32)) {
    return 'must be an IP address or a subnet, such as "10.1.2.3" or "10.0.0.0/8"';
  }
  return Number(prefix) === 0
    ? 'must not include every address; name the addresses of the proxy'
    : undefined;
});

const subnetsProblem = itemsProblem(IsSubnet());

/** Checks for the addresses of the proxies that may set a header field. */
export const AreSubnets = constraint('areSubnets', (value) => {
  if (!Array.isArray(value)) {
    return must.beAnArray.message;
  }
  return value.length === 0 ? 'must contain at least one address' : subnetsProblem(value);
});
