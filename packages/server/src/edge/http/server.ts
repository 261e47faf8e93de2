import { maxHeaderSize, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import type { ErrorDetails } from '@sotto/protocol';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Histogram } from 'prom-client';
import { uuidv7 } from '../../platform/ids.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Metrics } from '../../platform/metrics/index.ts';
import { refuse } from '../../platform/refusal.ts';
import type { AllRoutes, Authenticate, Caller, ReplyCookies } from './caller.ts';
import { registerCalls } from './calls.ts';
import { toWire } from './errors.ts';
import { originAllowed } from './origin.ts';
import { securityHeaders } from './security-headers.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** It changes nothing for anybody: pages of other sites may ask for it too. */
    anyOrigin?: boolean;
  }
}

export interface EdgeOptions {
  routes: AllRoutes;
  authenticate: Authenticate;
  log: Log;
  metrics: Metrics;
  trustProxy: false | number | string[];
  /** The origin people open; its scheme decides whether cookies are `Secure` and `__Host-`. Called once listening. */
  publicUrl(): string;
  limitFactor: number;
  checkReplies: boolean;
}

/** Bytes of a JSON body: a message of 4,000 characters fits many times, an SDP offer too. */
const BODY_LIMIT = 64 * 1024;

/** Half a year: browsers may keep a session cookie this long; the session itself is ended on the server. */
const COOKIE_SECONDS = 180 * 24 * 3600;

const callers = new WeakMap<FastifyRequest, Caller>();

/** HTTP: parse, authenticate, limit, dispatch, map errors. The caller adds pages and sockets, then listens. */
export async function createHttp(options: EdgeOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    trustProxy: trusting(options.trustProxy),
    genReqId: () => uuidv7(),
    // A client that sends its request a byte at a time holds a connection for 20 s, not for ever.
    requestTimeout: 20_000,
    keepAliveTimeout: 65_000,
    logger: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: refuseBroken,
    // A path that is no URL, or a part of one that is longer than any of ours, is found by the router: before any hook.
    frameworkErrors: (error, request, reply) => refusePath(error, request.id, reply.raw),
  });

  const secure = (): boolean => options.publicUrl().startsWith('https:');
  const cookieName = (): string => (secure() ? '__Host-sotto' : 'sotto');

  await app.register(cookie);
  parseBytes(app);
  measure(app, options);
  mapErrors(app, options.log);
  authenticateFirst(app, options, cookieName);

  await app.register(rateLimit, {
    global: false,
    cache: 20_000,
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, context) =>
      refuse('rate_limited', { retryAfter: Math.ceil(context.ttl / 1000) }),
  });
  const cookiesOf = (reply: FastifyReply): ReplyCookies => ({
    setSession: token =>
      void reply.setCookie(cookieName(), token, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: secure(),
        maxAge: COOKIE_SECONDS,
      }),
    clearSession: () => void reply.clearCookie(cookieName(), { path: '/', secure: secure() }),
  });
  registerCalls(app, { ...options, callerOf, cookiesOf });
  return app;
}

/** What is not HTTP at all reaches no route; its sender still gets the one shape of an error. */
function refuseBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const { status, code, details } = toWire(
    error.code === 'HPE_HEADER_OVERFLOW'
      ? refuse('too_large', { maxBytes: maxHeaderSize })
      : refuse('invalid_input', { issues: [{ path: 'request', problem: 'format', expected: 'HTTP/1.1' }] }),
    BODY_LIMIT,
  );
  const body = JSON.stringify({ error: { code, details, requestId: uuidv7() } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** As `refuseBroken`, for what is HTTP. */
function refusePath(error: Error, requestId: string, response: ServerResponse): void {
  const { status, code, details } = toWire(error, BODY_LIMIT);
  const body = JSON.stringify({ error: { code, details, requestId } });
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-request-id': requestId,
  });
  response.end(body);
}

/** A number is how many proxies stand in front: that many hops are believed. */
const trusting = (setting: EdgeOptions['trustProxy']) =>
  typeof setting === 'number' ? (_address: string, hop: number): boolean => hop < setting : setting;

/** Who sent this request. Known once the edge's own hook has run, which is before everything else. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error('callerOf: the request was not authenticated yet');
  return caller;
}

/** Pictures are held whole; other bytes are read by the call itself, once it is known who sends them. */
function parseBytes(app: FastifyInstance): void {
  app.addContentTypeParser(/^image\//, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addContentTypeParser('application/octet-stream', (_request, body, done) => done(null, body));
}

function measure(app: FastifyInstance, options: EdgeOptions): void {
  const seconds = new Histogram({
    name: 'sotto_http_request_duration_seconds',
    help: 'Time to answer a call.',
    labelNames: ['call', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers: [options.metrics],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const call = `${request.method} ${request.routeOptions.url ?? 'none'}`;
    seconds.observe({ call, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (options.log.isLevelEnabled('trace'))
      options.log.trace({ call, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'call');
    done();
  });
}

function authenticateFirst(app: FastifyInstance, options: EdgeOptions, cookieName: () => string): void {
  const headers = securityHeaders(options.publicUrl().startsWith('https:'));
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-request-id', request.id);
    const bearer = /^Bearer ([\w-]{20,200})$/.exec(request.headers.authorization ?? '')?.[1];
    const fromCookie = bearer ? undefined : request.cookies[cookieName()];
    const safe = request.method === 'GET' || request.method === 'HEAD';
    // A bearer token is never sent by a browser on its own, so no other site can make use of it.
    if (
      !bearer &&
      !safe &&
      !request.routeOptions.config.anyOrigin &&
      !originAllowed(request.headers.origin, request.headers.host, [options.publicUrl()])
    )
      throw refuse('origin_not_allowed');
    const token = bearer ?? fromCookie;
    callers.set(request, {
      viewer: token && request.url.startsWith('/v1/') ? await options.authenticate(token) : null,
      address: request.ip,
      client: (request.headers['user-agent'] ?? '').slice(0, 200),
    });
  });
}

function mapErrors(app: FastifyInstance, log: Log): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply => {
    const wire = toWire(error, request.routeOptions.bodyLimit ?? BODY_LIMIT);
    if (wire.fault) {
      const call = `${request.method} ${request.routeOptions.url ?? ''}`;
      log.error({ err: wire.fault, requestId: request.id, call }, 'call failed');
    }
    if (wire.code === 'rate_limited') {
      const { retryAfter } = wire.details as ErrorDetails<'rate_limited'>;
      reply.header('retry-after', retryAfter);
      log.debug({ call: `${request.method} ${request.routeOptions.url ?? ''}` }, 'limit refused');
    }
    return reply
      .code(wire.status)
      .header('cache-control', 'no-store')
      .send({ error: { code: wire.code, details: wire.details, requestId: request.id } });
  };
  app.setErrorHandler((error, request, reply) => answer(request, reply, error));
}
