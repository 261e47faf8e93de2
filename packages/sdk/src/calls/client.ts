import type { CallInput, CallKey, CallOutput, Calls } from '@sotto/protocol';
import { type Clock, systemClock } from '../ports.ts';
import { isSottoError, SottoError } from './error.ts';
import { readError, readReply } from './reply.ts';
import { buildRequest, type CallParts } from './request.ts';

export interface CallOptions {
  signal?: AbortSignal;
  /** Milliseconds until the call is given up as `timeout`. Default 15,000. */
  timeout?: number;
  /** Goes on though the page is left (`fetch`'s own: at most 64 KiB in all). */
  keepalive?: boolean;
}

/** What a call takes: `params`, `query`, `body` or `bytes`, as the contract says, and options. */
export type InputOf<K extends CallKey> = CallInput<Calls[K]> & CallOptions;
export type OutputOf<K extends CallKey> = CallOutput<Calls[K]>;
type Args<K extends CallKey> =
  Record<never, never> extends InputOf<K> ? [input?: InputOf<K>] : [input: InputOf<K>];

/**
 * Calls the server. The key is the method and the path as the contract writes them.
 * @throws SottoError with a code of the contract, or `offline`, `timeout`, `bad_reply`
 * @throws the signal's reason, when `signal` aborts
 */
export type Call = <K extends CallKey>(key: K, ...args: Args<K>) => Promise<OutputOf<K>>;

export interface CallerOptions {
  /** Where the server is: `https://sotto.example`. */
  baseUrl: string;
  fetch?: typeof fetch;
  /** A bearer token, or a way to the current one. Without: the browser's cookie. */
  token?: string | (() => string | null);
  credentials?: 'same-origin' | 'include';
  clock?: Clock;
  /** Told of every error of the server, before it is thrown. */
  onError?: (error: SottoError) => void;
}

const DEFAULT_TIMEOUT = 15_000;

/** The typed client of the contract. */
export function createCaller(options: CallerOptions): Call {
  const clock = options.clock ?? systemClock;
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);

  const run = async (key: string, input: CallParts & CallOptions): Promise<unknown> => {
    const token = typeof options.token === 'function' ? options.token() : options.token;
    const request = buildRequest(key, input, options.baseUrl, token ?? null);
    const controller = new AbortController();
    let timedOut = false;
    const cancel = clock.after(input.timeout ?? DEFAULT_TIMEOUT, () => {
      timedOut = true;
      controller.abort();
    });
    const abort = () => controller.abort(input.signal?.reason);
    if (input.signal?.aborted) abort();
    input.signal?.addEventListener('abort', abort, { once: true });
    try {
      const response = await send(request.url, {
        ...request.init,
        credentials: token ? 'omit' : (options.credentials ?? 'same-origin'),
        signal: controller.signal,
        ...(input.keepalive && { keepalive: true }),
      });
      if (!response.ok) throw await readError(response);
      return await readReply(response);
    } catch (cause) {
      if (isSottoError(cause)) throw cause;
      if (timedOut) throw new SottoError({ code: 'timeout', details: {}, cause });
      if (input.signal?.aborted) throw input.signal.reason;
      throw new SottoError({ code: 'offline', details: {}, cause });
    } finally {
      cancel();
      input.signal?.removeEventListener('abort', abort);
    }
  };

  const call = async (key: string, input: CallParts & CallOptions = {}): Promise<unknown> => {
    try {
      return await run(key, input);
    } catch (error) {
      if (isSottoError(error)) options.onError?.(error);
      throw error;
    }
  };
  // The contract types both ends; the server validated what it sent.
  return call as unknown as Call;
}
