import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * The address a request came from, as the edge reads it for HTTP: `X-Forwarded-For` counts as far as the proxies are
 * trusted, a number being how many stand in front.
 */
export function createAddressOf(trustProxy: false | number | string[]): (request: IncomingMessage) => string {
  const trusts = trusting(trustProxy);
  return request => {
    const forwarded = String(request.headers['x-forwarded-for'] ?? '');
    const hops = [
      request.socket.remoteAddress ?? '',
      ...forwarded
        .split(',')
        .map(part => part.trim())
        .filter(part => isIP(part) !== 0)
        .reverse(),
    ];
    return hops.find((address, hop) => !trusts(address, hop)) ?? hops.at(-1) ?? '';
  };
}

function trusting(trustProxy: false | number | string[]): (address: string, hop: number) => boolean {
  if (trustProxy === false) return () => false;
  if (typeof trustProxy === 'number') return (_address, hop) => hop < trustProxy;
  const list = new BlockList();
  for (const network of trustProxy) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return address => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  };
}
