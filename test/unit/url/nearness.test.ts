import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Nearness, nearness } from '../../../lib/url/nearness.js';

describe('the nearness of an address', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    'localhost',
    '',
  ])('is this machine or its link for %j', (address) => {
    expect(nearness(address)).toBe(Nearness.thisMachine);
  });

  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    'fd12:3456::1',
    'fc00::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '::10.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '2002:a00:1::1',
  ])('is a private network for %s', (address) => {
    expect(nearness(address)).toBe(Nearness.privateNetwork);
  });

  it.each([
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '100.63.255.255',
    '100.128.0.0',
    '169.253.1.1',
    '11.0.0.0',
    '2606:4700::1111',
    '64:ff9b::808:808',
    '::ffff:8.8.8.8',
  ])('is public for %s', (address) => {
    expect(nearness(address)).toBe(Nearness.public);
  });

  it('of an IPv4 address embedded in IPv6 is the nearness of the IPv4 address', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom('::ffff:', '64:ff9b::'), (address, prefix) => {
        expect(nearness(prefix + address)).toBe(nearness(address));
      }),
      { numRuns: 500 },
    );
  });
});
