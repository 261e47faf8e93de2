import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/** Who may call at all; what they may do with a certain room or conversation is decided in its domain. */
export type Access =
  /** Anyone, signed in or not. */
  | 'public'
  /** Anyone signed in, the profile made or not. */
  | 'session'
  /** Anyone signed in whose profile is made. */
  | 'member'
  | 'admin';

export interface Limit {
  max: number;
  seconds: number;
  /** `account` falls back to the address where nobody is signed in. */
  per: 'account' | 'address';
}

export interface CallSpec {
  /** One line for the reference. */
  summary: string;
  /** The name of the action that answers: the `operationId`. */
  name: string;
  tag: string;
  access: Access;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Set where the body is bytes, not JSON: the media types it takes. `streamed`: the server takes it as it comes. */
  bytes?: { types: readonly string[]; max: number; streamed?: true };
  /** Absent: 204, nothing comes back. */
  response?: z.ZodType;
  /** Its own errors; `commonErrors` and those of its access come on top. */
  errors: readonly ErrorCode[];
  limit?: Limit;
}

export const defineCalls = <const C extends Record<`${Method} /v1/${string}`, CallSpec>>(calls: C): C =>
  calls;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type In<S> = S extends z.ZodType ? z.input<S> : never;
type Out<S> = S extends z.ZodType ? z.output<S> : never;
type Part<C, K extends keyof CallSpec, T> = C extends Record<K, z.ZodType> ? T : unknown;

/** What a client passes to a call: only the parts that the call has. */
export type CallInput<C extends CallSpec> = Part<C, 'params', { params: In<C['params']> }> &
  Part<C, 'query', { query?: In<C['query']> }> &
  Part<C, 'body', { body: In<C['body']> }> &
  (C extends { bytes: object } ? { bytes: Uint8Array<ArrayBuffer>; type: string } : unknown);

/** A body that is read as it comes. Reading it fails where fewer bytes come than were announced. */
export interface BytesStream extends AsyncIterable<Uint8Array> {
  /** Bytes, as announced; never more than allowed. */
  readonly length: number;
}

/** What the server's action receives, parsed. */
export type CallParsed<C extends CallSpec> = Part<C, 'params', { params: Out<C['params']> }> &
  Part<C, 'query', { query: Out<C['query']> }> &
  Part<C, 'body', { body: Out<C['body']> }> &
  (C extends { bytes: { streamed: true } }
    ? { bytes: BytesStream; type: string }
    : C extends { bytes: object }
      ? { bytes: Uint8Array; type: string }
      : unknown);

export type CallOutput<C extends CallSpec> = C extends { response: z.ZodType }
  ? z.output<C['response']>
  : undefined;
