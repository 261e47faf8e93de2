import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The wire server of one large cloud: it looks public, and answers every machine there with its secrets. */
const ELSEWHERE = new Set(['168.63.129.16']);
/** Global unicast is what IANA hands out, and that is within 2000::/3 alone. */
const GLOBAL = ipaddr.IPv6.parse('2000::');
const MAPPED = ipaddr.IPv6.parse('::ffff:0:0');
const NAT64 = ipaddr.IPv6.parse('64:ff9b::');

/**
 * Whether an IP address is one of the public internet: unicast, and in none of IANA's special-purpose registries
 * (RFC 6890). An IPv4 address inside an IPv6 one counts as itself where the network hands the packets on to it: mapped
 * (RFC 4291), and NAT64's well-known prefix (RFC 6052), as networks without IPv4 resolve names. All other ways to wrap
 * one up (compatible, translated, local NAT64, 6to4, Teredo) are refused whatever is in them.
 */
export function isPublicAddress(text: string): boolean {
  // A zone index names an interface of this machine.
  if (text.includes('%') || isIP(text) === 0) return false;
  const address = ipaddr.parse(isIP(text) === 6 ? hexadecimal(text) : text);
  if (address instanceof ipaddr.IPv4) return isPublicIPv4(address);
  if (address.match(MAPPED, 96) || address.match(NAT64, 96))
    return isPublicIPv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  return address.match(GLOBAL, 3) && address.range() === 'unicast';
}

/** `ipaddr.js` reads `::127.0.0.1` as if it were mapped; written in hexadecimal it is what it is. */
const hexadecimal = (ipv6: string): string => new URL(`http://[${ipv6}]`).hostname.slice(1, -1);

const isPublicIPv4 = (address: ipaddr.IPv4): boolean =>
  address.range() === 'unicast' && !ELSEWHERE.has(address.toString());
