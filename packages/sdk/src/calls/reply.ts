import type { ErrorCode, ErrorDetails } from '@sotto/protocol';
import { SottoError } from './error.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const badReply = (response: Response, cause?: unknown) =>
  new SottoError({
    code: 'bad_reply',
    details: {},
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    cause,
  });

/** The JSON of a good reply; undefined for 204. */
export async function readReply(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badReply(response, cause);
  }
}

function retryAfterOf(response: Response, details: Record<string, unknown>): number | null {
  if (typeof details.retryAfter === 'number') return details.retryAfter;
  const header = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(header) ? header : null;
}

/** The error of a reply that is not 2xx; `bad_reply` where something between us and the server answered. */
export async function readError(response: Response): Promise<SottoError> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    return badReply(response, cause);
  }
  const error = isRecord(body) ? body.error : undefined;
  if (!isRecord(error) || typeof error.code !== 'string') return badReply(response);
  const details = isRecord(error.details) ? error.details : {};
  return new SottoError<ErrorCode>({
    code: error.code as ErrorCode,
    details: details as ErrorDetails<ErrorCode>,
    status: response.status,
    requestId: typeof error.requestId === 'string' ? error.requestId : null,
    retryAfter: retryAfterOf(response, details),
  });
}
