import fc from 'fast-check';
import { isPublicAddress } from '../../src/notify/public-address.ts';

const FORBIDDEN = {
  'the unspecified address': ['0.0.0.0', '::', '0.255.255.255'],
  loopback: ['127.0.0.1', '127.255.255.255', '::1'],
  'a private network': ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  'link-local, where clouds keep credentials': ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  'unique local': ['fc00::1', 'fd00:ec2::254'],
  'site-local': ['fec0::1'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
  'broadcast and reserved': ['255.255.255.255', '240.0.0.1'],
  'IPv4 dressed as IPv6': ['::ffff:10.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1'],
  'IPv4 behind a translator': ['64:ff9b::a00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001:0:0:0:0:0:0:1'],
  'documentation and benchmarks': ['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '2001:db8::1'],
  'no address at all': ['', 'localhost', '1.2.3', '0x7f.1', '[::1]', '8.8.8.8 '],
};

describe('where a webhook may go', () => {
  it.each(Object.entries(FORBIDDEN))('never reaches %s', (_family, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00::1',
  ])('reaches a customer at %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it('never reaches an IPv4 address through its IPv6 form, however public', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => !isPublicAddress(`::ffff:${address}`)));
  });

  it('reaches nothing in IPv6 outside of global unicast', () => {
    fc.assert(fc.property(fc.ipV6(), (address) => !isPublicAddress(address) || /^[23]/.test(address)));
  });
});
