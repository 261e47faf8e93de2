import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { checkedAddresses, type Resolve } from './resolve.ts';
import { targetOf } from './target.ts';

/**
 * Connects to nothing but checked addresses. The name is resolved once, here, and what was found is what is connected to:
 * another answer a moment later (DNS rebinding) is never asked for.
 */
export function createConnector(options: {
  resolve: Resolve;
  allow: ReadonlySet<string>;
  timeout: number;
}): buildConnector.connector {
  return (to, callback) => {
    connect(to).then(
      socketOptions => buildConnector(socketOptions)(to, callback),
      (error: Error) => callback(error, null),
    );
  };

  async function connect(to: buildConnector.Options) {
    const { hostname, protocol, port } = to;
    const authority = isIP(hostname) === 6 ? `[${hostname}]` : hostname;
    const target = targetOf(`${protocol}//${authority}${port ? `:${port}` : ''}`, options.allow);
    const addresses = await checkedAddresses(target, options.resolve);
    return { lookup: pinned(addresses), autoSelectFamily: true, timeout: options.timeout, allowH2: false };
  }
}

/** Answers what was checked, whatever is asked. */
const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_hostname, { all }, callback) => {
    const found = addresses.map(address => ({ address, family: isIP(address) }));
    if (all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
