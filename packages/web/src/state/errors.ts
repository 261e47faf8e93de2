import { words } from '../words/index.ts';

interface Coded {
  code: string;
  details: Record<string, unknown>;
}

export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function isCoded(error: unknown): error is Coded {
  return codeOf(error) !== undefined && typeof (error as Partial<Coded>).details === 'object';
}

/** Whether the network, and not the server's judgement, stood in the way. */
export function isOffline(error: unknown): boolean {
  return ['offline', 'timeout'].includes(codeOf(error) ?? '');
}

/** Seconds after which to ask again, where it was too often; else null. */
export function againAfter(error: unknown): number | null {
  if (!isCoded(error) || error.code !== 'rate_limited') return null;
  const { retryAfter } = error.details as { retryAfter?: unknown };
  return typeof retryAfter === 'number' ? retryAfter : 1;
}

/** The server says codes; what a person reads about one is ours. */
export function wordsFor(error: unknown): string {
  if (isOffline(error)) return globalThis.navigator?.onLine ? words.errorUnreachable : words.errorOffline;
  if (!isCoded(error)) return words.errorUnknown;
  const said = (words.errors as Record<string, (typeof words.errors)[keyof typeof words.errors] | undefined>)[
    error.code
  ];
  if (!said) return words.errorUnknown;
  return typeof said === 'string' ? said : said(error.details);
}
