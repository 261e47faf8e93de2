import { Readable } from 'node:stream';
import { type CallKey, type CallSpec, calls } from '@sotto/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../../platform/refusal.ts';
import type { AllRoutes, Caller, ReplyCookies } from './caller.ts';
import { invalidInput } from './errors.ts';
import { networkOf } from './network.ts';
import { streamOf } from './stream.ts';

type AnyHandler = (input: object, caller: Caller, cookies: ReplyCookies) => Promise<unknown>;

const parse = (part: 'body' | 'query' | 'params', spec: CallSpec, value: unknown): unknown => {
  const result = spec[part]?.safeParse(value, { reportInput: true });
  if (!result) return undefined;
  if (!result.success) throw invalidInput(part, result.error);
  refuseBroken(part, result.data);
  return result.data;
};

/** What no table can hold, and no field means: NUL, and half a character. Where it may be typed, the contract cleans it. */
function refuseBroken(part: string, value: unknown): void {
  const path = brokenIn(value);
  if (path)
    throw refuse('invalid_input', {
      issues: [
        {
          path: [part, ...path].join('.'),
          problem: 'format',
          expected: 'Unicode text without NUL and lone surrogates',
        },
      ],
    });
}

/** Where in a value such a text is; made of names only where there is one, as this looks at every request. */
function brokenIn(value: unknown): string[] | null {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const key of Object.keys(value)) {
    const path = brokenIn((value as Record<string, unknown>)[key]);
    if (path) return [key, ...path];
  }
  return null;
}

/** Deny by default: what a call does not open is closed. */
const checkAccess = (spec: CallSpec, caller: Caller): void => {
  if (spec.access === 'public') return;
  if (!caller.viewer) throw refuse('not_signed_in');
  if (spec.access === 'session') return;
  if (!caller.viewer.complete) throw refuse('profile_incomplete');
  if (spec.access === 'admin' && !caller.viewer.admin) throw refuse('forbidden');
};

export interface CallOptions {
  routes: AllRoutes;
  callerOf(request: FastifyRequest): Caller;
  cookiesOf(reply: FastifyReply): ReplyCookies;
  /** Multiplies every limit of the contract; tests and benches raise it. */
  limitFactor: number;
  /** Checks each reply against the contract: in tests. */
  checkReplies: boolean;
}

/** Requests of one caller a minute to a call without a limit of its own. */
const DEFAULT_LIMIT = { max: 600, seconds: 60, per: 'account' } as const;

/** Registers every call of the contract. */
export function registerCalls(app: FastifyInstance, options: CallOptions): void {
  for (const [key, spec] of Object.entries(calls) as [CallKey, CallSpec][]) {
    const [method = '', url = ''] = key.split(' ');
    const handler = options.routes[key] as AnyHandler;
    const limit = spec.limit ?? DEFAULT_LIMIT;
    app.route({
      method,
      url,
      ...(spec.bytes && { bodyLimit: spec.bytes.max }),
      config: {
        rateLimit: {
          max: Math.ceil(limit.max * options.limitFactor),
          timeWindow: limit.seconds * 1000,
          groupId: key,
          keyGenerator: (request: FastifyRequest) => {
            const caller = options.callerOf(request);
            return limit.per === 'account' && caller.viewer
              ? caller.viewer.account
              : networkOf(caller.address);
          },
        },
      },
      handler: async (request, reply) => {
        const caller = options.callerOf(request);
        checkAccess(spec, caller);
        const input = {
          params: parse('params', spec, request.params),
          query: parse('query', spec, request.query),
          ...bodyOf(spec, request),
        };
        const output = await handler(input, caller, options.cookiesOf(reply));
        if (!spec.response) return reply.code(204).send();
        if (options.checkReplies) spec.response.parse(output);
        reply.header('cache-control', 'no-store');
        return reply.send(output);
      },
    });
  }
}

function bodyOf(spec: CallSpec, request: FastifyRequest): object {
  const { body } = request;
  const raw = Buffer.isBuffer(body) || body instanceof Readable;
  if (!spec.bytes) {
    if (raw) throw refuse('unsupported_media_type');
    return { body: parse('body', spec, body ?? undefined) };
  }
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (!spec.bytes.types.includes(type) || !raw) throw refuse('unsupported_media_type');
  return { bytes: body instanceof Readable ? streamOf(spec.bytes.max, request, body) : body, type };
}
