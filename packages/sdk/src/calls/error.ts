import type { ErrorCode, ErrorDetails } from '@sotto/protocol';

/**
 * What can go wrong before the server has said anything: no network, no answer in time, an answer that is not ours, a file
 * of this device that cannot be read any more.
 */
export type LocalErrorCode = 'offline' | 'timeout' | 'bad_reply' | 'file_unreadable';
export type SottoErrorCode = ErrorCode | LocalErrorCode;

export type DetailsOf<C extends SottoErrorCode> = C extends ErrorCode
  ? ErrorDetails<C>
  : Record<string, never>;

export interface SottoErrorFields<C extends SottoErrorCode> {
  code: C;
  details: DetailsOf<C>;
  /** 0 where there was no reply. */
  status?: number;
  requestId?: string | null;
  retryAfter?: number | null;
  cause?: unknown;
}

/**
 * The one error of every call. `code` is for programs; words are the application's.
 * A server newer than this client may send a code that the type does not list: handle the rest by `status`.
 */
export class SottoError<C extends SottoErrorCode = SottoErrorCode> extends Error {
  readonly code: C;
  readonly details: DetailsOf<C>;
  readonly status: number;
  /** Finds a fault in the server's log. */
  readonly requestId: string | null;
  /** Seconds to wait before the next try, where the server said so. */
  readonly retryAfter: number | null;

  constructor(fields: SottoErrorFields<C>) {
    super(fields.code, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'SottoError';
    this.code = fields.code;
    this.details = fields.details;
    this.status = fields.status ?? 0;
    this.requestId = fields.requestId ?? null;
    this.retryAfter = fields.retryAfter ?? null;
  }
}

/** Whether something thrown is an error of ours, with one of these codes if any are named. */
export function isSottoError<C extends SottoErrorCode = SottoErrorCode>(
  thrown: unknown,
  ...codes: readonly C[]
): thrown is SottoError<C> {
  return thrown instanceof SottoError && (codes.length === 0 || codes.some(code => code === thrown.code));
}

/** Whether the same call may well succeed later, unchanged. */
export function isTemporary(thrown: unknown): boolean {
  return (
    isSottoError(thrown) &&
    thrown.code !== 'file_unreadable' &&
    (thrown.status === 0 || thrown.status >= 500 || thrown.status === 429 || thrown.code === 'bad_reply')
  );
}
