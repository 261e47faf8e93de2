import { isIP } from 'node:net';
import { OutboundError } from './outbound-error.ts';
import { isPublicAddress } from './public-address.ts';

/** Where a request goes, as far as its URL says. */
export interface Target {
  url: URL;
  /** The name or the address, without brackets and without the dot of a fully qualified name. */
  host: string;
  port: number;
  /** Named by the operator or a test as fine, wherever it leads. */
  allowed: boolean;
}

const URL_MAX = 2048;
/** Names that never mean a public host: RFC 6761, RFC 6762, RFC 8375, and ICANN's `.internal`. */
const inside = /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home\.arpa|onion)$/;

/**
 * What a URL alone tells. `URL` has turned decimal, octal, hexadecimal and short forms of IPv4 into the one form that is checked.
 * @param allow `host:port` that are fine wherever they lead
 * @param secure `http:` is refused too
 * @throws OutboundError
 */
export function targetOf(text: string, allow: ReadonlySet<string>, secure = false): Target {
  const url = text.length <= URL_MAX ? URL.parse(text) : null;
  if (!url) throw new OutboundError('url');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new OutboundError('scheme', url.protocol);
  if (url.username !== '' || url.password !== '') throw new OutboundError('credentials');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const allowed = allow.has(`${host}:${port}`);
  if (!allowed) {
    if (secure && url.protocol !== 'https:') throw new OutboundError('scheme', url.protocol);
    if (port !== 80 && port !== 443) throw new OutboundError('port', `port ${port}`);
    if (isIP(host) !== 0 ? !isPublicAddress(host) : !host.includes('.') || inside.test(host))
      throw new OutboundError('address', host);
  }
  return { url, host, port, allowed };
}
