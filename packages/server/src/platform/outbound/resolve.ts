import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { OutboundError } from './outbound-error.ts';
import { isPublicAddress } from './public-address.ts';
import type { Target } from './target.ts';

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/**
 * Asks the name servers themselves: `getaddrinfo` would hold one of the four threads that files and pictures need too,
 * as long as a stranger's name server likes.
 */
export const resolveByDns: Resolve = async host => {
  const resolver = new Resolver({ timeout: 1500, tries: 2 });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []));
};

/**
 * The addresses to connect to, every one of them checked: a name with one address inside is refused as a whole.
 * @throws OutboundError `unresolved`, `address`
 */
export async function checkedAddresses(target: Target, resolve: Resolve): Promise<readonly string[]> {
  const { host, allowed } = target;
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  if (addresses.length === 0) throw new OutboundError('unresolved', host);
  const bad = allowed ? undefined : addresses.find(address => !isPublicAddress(address));
  if (bad !== undefined) throw new OutboundError('address', `${host} is ${bad}`);
  return addresses;
}
