import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Agent, Client, errors } from 'undici';
import { version } from '../version.ts';
import { ACCEPT_ENCODING, readBody } from './body.ts';
import { createConnector } from './connector.ts';
import { OutboundError } from './outbound-error.ts';
import { checkedAddresses, type Resolve, resolveByDns } from './resolve.ts';
import { targetOf } from './target.ts';

export interface OutboundOptions {
  /** All addresses of a name. Default: DNS. */
  resolve?: Resolve;
  /** `host:port` that may be asked though they are not public, or on another port than 80 and 443. Default: none. */
  allow?: readonly string[];
  /** Milliseconds that one request may take, from the name's resolution to the last byte, redirects and all. */
  timeout?: number;
}

interface Fetched {
  /** Where the answer came from, after redirects. */
  url: string;
  status: number;
  /** Media type in lower case, without parameters. */
  type: string;
  /** The `charset` that the answer names; empty if none. */
  charset: string;
  /** Decoded. */
  bytes: Buffer;
}

/** Requests to addresses that people name. Everything thrown is an `OutboundError`. */
export interface Outbound {
  /** Follows at most 3 redirects, each checked as the first. */
  get(
    url: string,
    options: {
      /** Media types; another one is refused unread. A trailing slash takes all that begin so: `image/`. */
      types: readonly string[];
      maxBytes: number;
      /** What is done with more than `maxBytes`. Default `refuse`. */
      onLarge?: 'cut' | 'refuse';
      /** Hosts that are not asked, though they could be: not at first, and not after a redirect. */
      isHeld?: (host: string) => boolean;
    },
  ): Promise<Fetched>;
  /** Follows no redirect. The answer's body is not read. `retryAfter` is the header as it came. */
  post(
    url: string,
    request: { headers: Record<string, string>; body: Uint8Array },
  ): Promise<{ status: number; retryAfter: string | null }>;
  /** Checks where a URL leads, and asks nothing. `secure`: it must be `https:`. */
  check(url: string, options?: { secure?: boolean }): Promise<void>;
  /** Whatever is under way ends at once, as `closed`. */
  close(): Promise<void>;
}

const TIMEOUT = 5000;
const REDIRECTS_MAX = 3;
const HEADERS_MAX = 16 * 1024;
const USER_AGENT = `Sotto/${version}`;

/**
 * The one way to an address that a person or a client named: a link, its picture, a push service. It reaches the public
 * internet and nothing else (BC-23): each connection goes to an address that was checked, there is one clock for the
 * whole, and no more is read than was asked for. No cookies, no credentials, no referrer.
 */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const allow = new Set(options.allow);
  const resolve = options.resolve ?? resolveByDns;
  const timeout = options.timeout ?? TIMEOUT;
  const closing = new AbortController();
  const timed = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    inTime(timeout, closing.signal, work);
  const settings = {
    connect: createConnector({ resolve, allow, timeout }),
    maxHeaderSize: HEADERS_MAX,
    // One clock for all of it stops the rest.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  // Push services are few and asked often: their connections stay. Those of links do not.
  const services = new Agent({ ...settings, connections: 4, keepAliveTimeout: 30_000 });

  return {
    get: (url, want) => timed(signal => follow(url, want, signal)),
    post: (url, { headers, body }) =>
      timed(async signal => {
        const target = targetOf(url, allow);
        const answer = await services.request({
          origin: target.url.origin,
          path: pathOf(target.url),
          method: 'POST',
          headers: { ...headers, 'user-agent': USER_AGENT },
          body,
          signal,
        });
        const { statusCode } = answer;
        await answer.body.dump({ limit: 16 * 1024, signal });
        return { status: statusCode, retryAfter: headerOf(answer.headers, 'retry-after') || null };
      }),
    check: (url, want) =>
      timed(async () => void (await checkedAddresses(targetOf(url, allow, want?.secure), resolve))),
    close: () => {
      closing.abort(new OutboundError('closed'));
      return services.destroy();
    },
  };

  async function follow(
    from: string,
    want: Parameters<Outbound['get']>[1],
    signal: AbortSignal,
  ): Promise<Fetched> {
    let url = from;
    for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
      const next = await ask(url, want, signal);
      if (typeof next !== 'string') return next;
      url = next;
    }
    throw new OutboundError('redirects');
  }

  /** The answer, or where it sends us. */
  async function ask(
    text: string,
    want: Parameters<Outbound['get']>[1],
    signal: AbortSignal,
  ): Promise<Fetched | string> {
    const { url, host } = targetOf(text, allow);
    if (want.isHeld?.(host)) throw new OutboundError('held', host);
    const client = new Client(url.origin, { ...settings, pipelining: 1 });
    try {
      const { statusCode, headers, body } = await client.request({
        path: pathOf(url),
        method: 'GET',
        headers: {
          accept: want.types.map(type => (type.endsWith('/') ? `${type}*` : type)).join(', '),
          'accept-encoding': ACCEPT_ENCODING,
          'user-agent': USER_AGENT,
        },
        signal,
      });
      // An abort may come between here and the reading; without a listener it would end the process.
      body.on('error', () => undefined);
      const location = headerOf(headers, 'location');
      if (statusCode >= 300 && statusCode < 400 && location !== '') {
        const next = URL.parse(location, url);
        if (!next) throw new OutboundError('url', 'location');
        next.hash = '';
        return next.href;
      }
      const [type, charset] = contentType(headerOf(headers, 'content-type'));
      if (!want.types.some(each => (each.endsWith('/') ? type.startsWith(each) : type === each)))
        throw new OutboundError('type', type);
      const coding = headerOf(headers, 'content-encoding').trim().toLowerCase();
      const bytes = await readBody(body as Readable, coding, want.maxBytes, want.onLarge ?? 'refuse');
      return { url: url.href, status: statusCode, type, charset, bytes };
    } finally {
      await client.destroy();
    }
  }
}

/** Ends the work when its time is over, also where it waits for a name server. */
async function inTime<T>(
  ms: number,
  closing: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new OutboundError('timeout', `not done in ${ms} ms`)), ms);
  const signal = AbortSignal.any([late.signal, closing]);
  const over = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => over.reject(signal.reason), { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work(signal), over.promise]);
  } catch (error) {
    throw signal.aborted ? signal.reason : outboundError(error);
  } finally {
    clearTimeout(timer);
  }
}

function outboundError(error: unknown): OutboundError {
  if (error instanceof OutboundError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof errors.HeadersOverflowError || code === 'HPE_HEADER_OVERFLOW')
    return new OutboundError('headers', message, { cause: error });
  if (error instanceof errors.ConnectTimeoutError)
    return new OutboundError('timeout', message, { cause: error });
  if (/^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_PADDING|ERR__ERROR)/.test(code))
    return new OutboundError('encoding', message, { cause: error });
  return new OutboundError('failed', message, { cause: error });
}

const pathOf = (url: URL): string => `${url.pathname}${url.search}`;

const headerOf = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
};

/** Media type and charset (RFC 9110 section 8.3.1). */
function contentType(header: string): [type: string, charset: string] {
  const [type = '', ...parameters] = header.split(';');
  const charset = parameters
    .map(each => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(each)?.[1])
    .find(Boolean);
  return [type.trim().toLowerCase(), (charset ?? '').toLowerCase()];
}
