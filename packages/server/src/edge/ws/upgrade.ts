import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errors, SOCKET_FRAME_MAX, SOCKET_PROTOCOL } from '@sotto/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { uuidv7 } from '../../platform/ids.ts';
import type { Log } from '../../platform/log/index.ts';
import { Refusal, refuse } from '../../platform/refusal.ts';
import type { Viewer } from '../http/caller.ts';
import { networkOf } from '../http/network.ts';
import { originAllowed } from '../http/origin.ts';

export interface UpgradeOptions {
  publicUrl(): string;
  addressOf(request: IncomingMessage): string;
  perAddress: number;
  redeemTicket(ticket: string): Promise<Viewer | null>;
  /** Refuses an account that has too many. Called in the same tick as `opened`. */
  admit(viewer: Viewer): void;
  opened(socket: WebSocket, tcp: Socket, viewer: Viewer): void;
  closing(): boolean;
  log: Log;
}

/** `GET /socket?ticket=…` (RT-8): who may, becomes a WebSocket; everyone else gets the one shape of an error. */
export function createUpgrade(
  options: UpgradeOptions,
): (request: IncomingMessage, stream: Duplex, head: Buffer) => void {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: SOCKET_FRAME_MAX,
    handleProtocols: offered => (offered.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
  });
  const open = new Map<string, number>();

  const upgrade = async (request: IncomingMessage, tcp: Socket, head: Buffer): Promise<void> => {
    if (options.closing()) throw refuse('unavailable');
    const ticket = checkRequest(request, options.publicUrl());
    countIn(open, networkOf(options.addressOf(request)), options.perAddress, tcp);
    const viewer = await options.redeemTicket(ticket);
    if (!viewer) throw refuse('not_signed_in');
    if (options.closing()) throw refuse('unavailable');
    if (tcp.destroyed) return;
    options.admit(viewer);
    server.handleUpgrade(request, tcp, head, socket => options.opened(socket, tcp, viewer));
  };

  return (request, stream, head) => {
    if (!(stream instanceof Socket)) {
      stream.destroy();
      return;
    }
    const ignore = (): void => {
      stream.destroy();
    };
    stream.on('error', ignore);
    upgrade(request, stream, head).then(
      () => stream.off('error', ignore),
      error => {
        if (!(error instanceof Refusal)) options.log.error({ err: error }, 'socket not opened');
        answer(stream, error instanceof Refusal ? error : refuse('internal'));
      },
    );
  };
}

/** @returns the ticket */
function checkRequest(request: IncomingMessage, publicUrl: string): string {
  const url = URL.parse(request.url ?? '/', 'http://socket.invalid');
  if (url?.pathname !== '/socket') throw refuse('not_found');
  if (!originAllowed(request.headers.origin, request.headers.host, [publicUrl]))
    throw refuse('origin_not_allowed');
  const protocols = String(request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
  if (!protocols.includes(SOCKET_PROTOCOL))
    throw invalid('header.sec-websocket-protocol', `the subprotocol ${SOCKET_PROTOCOL}`);
  const ticket = url.searchParams.get('ticket') ?? '';
  if (!/^[\w-]{10,200}$/.test(ticket)) throw invalid('query.ticket', 'a ticket of `POST /v1/socket-tickets`');
  return ticket;
}

const invalid = (path: string, expected: string) =>
  refuse('invalid_input', { issues: [{ path, problem: 'format', expected }] });

/** Counts a connection of an address until it is closed. */
function countIn(open: Map<string, number>, address: string, max: number, tcp: Socket): void {
  const count = open.get(address) ?? 0;
  if (count >= max) throw refuse('rate_limited', { retryAfter: 30 });
  open.set(address, count + 1);
  tcp.once('close', () => {
    const left = (open.get(address) ?? 1) - 1;
    if (left > 0) open.set(address, left);
    else open.delete(address);
  });
}

function answer(tcp: Socket, refusal: Refusal): void {
  const body = JSON.stringify({
    error: { code: refusal.code, details: refusal.details, requestId: uuidv7() },
  });
  const { status } = errors[refusal.code];
  tcp.end(
    [
      `HTTP/1.1 ${status} ${refusal.code}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      'Cache-Control: no-store',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
