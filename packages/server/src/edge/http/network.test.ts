import { expect, it } from 'vitest';
import { networkOf } from './network.ts';

it('limits count an IPv4 address, and the 64 bits of an IPv6 customer', () => {
  expect(networkOf('203.0.113.7')).toBe('203.0.113.7');
  expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
  for (const one of ['2001:db8:1:2::1', '2001:DB8:1:2:ffff:0:0:9', '2001:0db8:0001:0002::%eth0'])
    expect(networkOf(one)).toBe('2001:db8:1:2::/64');
  expect(networkOf('2001:db8::5')).toBe('2001:db8:0:0::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('64:ff9b::203.0.113.7')).toBe('64:ff9b:0:0::/64');
  expect(networkOf('')).toBe('');
});
