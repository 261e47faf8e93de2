import { type ErrorCode, type ErrorDetails, errors } from '@sotto/protocol';
import type { z } from 'zod';
import { Refusal, refuse } from '../../platform/refusal.ts';

type Issue = z.core.$ZodIssue;

const problems: Partial<Record<Issue['code'], string>> = {
  invalid_type: 'type',
  invalid_format: 'format',
  unrecognized_keys: 'unknown_field',
  invalid_value: 'choice',
  invalid_union: 'choice',
};

const problemOf = (issue: Issue): string => {
  if (issue.code === 'too_big') return issue.origin === 'string' ? 'too_long' : 'too_big';
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'too_short' : 'too_small';
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'missing';
  return problems[issue.code] ?? 'format';
};

/** Which field, what is wrong with it, and what would be right. */
export function invalidInput(part: 'body' | 'query' | 'params', error: z.ZodError): Refusal<'invalid_input'> {
  const issues = error.issues.slice(0, 20).flatMap(issue => {
    const path = [part, ...issue.path].join('.');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map(key => ({
        path: `${path}.${key}`,
        problem: 'unknown_field',
        expected: 'no such field',
      }));
    return [{ path, problem: problemOf(issue), expected: issue.message }];
  });
  return refuse('invalid_input', { issues });
}

export interface WireError {
  status: number;
  code: ErrorCode;
  details: ErrorDetails<ErrorCode>;
  /** Set where the fault is ours: to be logged with the request id. */
  fault?: unknown;
}

/** Errors that fastify and its plugins raise before a call is reached. */
const fastifyErrors: Record<string, (error: { message: string }) => Refusal> = {
  FST_ERR_CTP_INVALID_JSON_BODY: () => badBody('valid JSON'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => badBody('a JSON body, or no Content-Type'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => badBody('as many bytes as Content-Length says'),
  FST_ERR_BAD_URL: () => badFormat('path', 'a path of which each part can be decoded'),
  FST_ERR_MAX_PARAM_LENGTH: () => refuse('not_found'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => refuse('unsupported_media_type'),
};

const badFormat = (path: string, expected: string): Refusal =>
  refuse('invalid_input', { issues: [{ path, problem: 'format', expected }] });
const badBody = (expected: string): Refusal => badFormat('body', expected);

/** Turns whatever was thrown into the one shape of an error. Nothing of the inside gets out. */
export function toWire(error: unknown, bodyLimit: number): WireError {
  if (error instanceof Refusal)
    return { status: errors[error.code as ErrorCode].status, code: error.code, details: error.details };
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
      return toWire(refuse('too_large', { maxBytes: bodyLimit }), bodyLimit);
    const known = fastifyErrors[code];
    if (known) return toWire(known(error), bodyLimit);
    if ('statusCode' in error && error.statusCode === 400) return toWire(badBody(error.message), bodyLimit);
    if (isDatabaseAway(error)) return { status: 503, code: 'unavailable', details: {}, fault: error };
  }
  return { status: 500, code: 'internal', details: {}, fault: error };
}

/** Connection refused, reset or shut down by the administrator (PostgreSQL class 57P): trying again later may work. */
function isDatabaseAway(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|57P0\d|08\d{3})$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(error.message)
  );
}
