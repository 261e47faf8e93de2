import type { ErrorCode, ErrorDetails } from '@sotto/protocol';

/** A rule said no. Domains throw it; only the edge knows which HTTP status that is. */
export class Refusal<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly details: ErrorDetails<C>;

  constructor(code: C, details: ErrorDetails<C>) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}

type Details<C extends ErrorCode> =
  Record<never, never> extends ErrorDetails<C> ? [details?: ErrorDetails<C>] : [details: ErrorDetails<C>];

/** `throw refuse('handle_taken')`; details where the error has some. */
export const refuse = <C extends ErrorCode>(code: C, ...details: Details<C>): Refusal<C> =>
  new Refusal(code, (details[0] ?? {}) as ErrorDetails<C>);
