import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServerFrame } from '@sotto/protocol';
import { WebSocket } from 'ws';
import type { Person, Stage } from '../../domains/backchannel/fixture.ts';
import type { Bus } from '../../platform/bus/index.ts';
import { createMetrics, type Metrics } from '../../platform/metrics/index.ts';
import { createSockets, type SocketLimits, type SocketPorts, type Sockets } from './index.ts';

/** A node's sockets over HTTP on a free port, the real domains behind them. */
export interface Node {
  url: string;
  sockets: Sockets;
  metrics: Metrics;
  close(): Promise<void>;
}

/** Rooms stand on the sockets and are tested there; here nobody is in a room, unless a test says otherwise. */
const noRooms = {
  resumeRoom: async () => null,
  channelsOf: async () => [],
  socketOpened: () => undefined,
  socketClosed: () => undefined,
};

export async function startNode(
  stage: Stage,
  options: {
    limits?: Partial<SocketLimits>;
    ports?: Partial<SocketPorts>;
    trustProxy?: false | number | string[];
    bus?: Bus;
  } = {},
): Promise<Node> {
  const metrics = createMetrics();
  const sockets = createSockets({
    bus: options.bus ?? stage.platform.bus,
    log: stage.platform.log,
    metrics,
    trustProxy: options.trustProxy ?? false,
    publicUrl: () => 'https://sotto.example',
    redeemTicket: stage.accounts.redeemTicket,
    sessionAlive: stage.accounts.sessionAlive,
    resume: stage.backchannel.resume,
    heads: stage.backchannel.heads,
    typing: stage.backchannel.typing,
    markRead: stage.backchannel.markRead,
    ...noRooms,
    ...options.ports,
    limits: { sweepMs: 20, ...options.limits },
  });
  const server = createServer();
  sockets.attach(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/socket`,
    sockets,
    metrics,
    async close() {
      await sockets.close('the test is over');
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

export async function ticketOf(stage: Stage, person: Person): Promise<string> {
  return (await stage.accounts.routes['POST /v1/socket-tickets']({}, person.caller)).ticket;
}

/** A client that keeps what it hears, each frame checked against the contract. */
export interface Client {
  frames: ServerFrame[];
  ws: WebSocket;
  closed: Promise<{ code: number; reason: string }>;
  send(frame: object): void;
  /** The first frame, heard already or to come, that is so. */
  heard<T extends ServerFrame['type']>(
    type: T,
    is?: (frame: Extract<ServerFrame, { type: T }>) => boolean,
  ): Promise<Extract<ServerFrame, { type: T }>>;
}

export function connect(
  url: string,
  ticket: string,
  options: { headers?: Record<string, string> } = {},
): Client {
  const ws = new WebSocket(`${url}?ticket=${ticket}`, 'sotto.1', { perMessageDeflate: true, ...options });
  const frames: ServerFrame[] = [];
  const waiting = new Set<() => void>();
  ws.on('message', data => {
    frames.push(ServerFrame.parse(JSON.parse(data.toString())));
    for (const look of waiting) look();
  });
  ws.on('error', () => undefined);
  const closed = new Promise<{ code: number; reason: string }>(resolve =>
    ws.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  return {
    frames,
    ws,
    closed,
    send: frame => {
      const send = () => ws.send(JSON.stringify(frame));
      if (ws.readyState === ws.CONNECTING) ws.once('open', send);
      else send();
    },
    heard: (type, is = () => true) =>
      new Promise((resolve, reject) => {
        const look = () => {
          for (const frame of frames)
            if (frame.type === type && is(frame as never)) {
              waiting.delete(look);
              resolve(frame as never);
              return;
            }
        };
        waiting.add(look);
        look();
        void closed.then(({ code }) => reject(new Error(`closed with ${code} before ${type} was heard`)));
      }),
  };
}

export const resumeFrame = { type: 'resume', device: 'fixture-device', have: [], room: null, hallway: false };

/** Connects and resumes with nothing. */
export async function online(stage: Stage, node: Node, person: Person): Promise<Client> {
  const client = connect(node.url, await ticketOf(stage, person));
  await client.heard('hello');
  client.send(resumeFrame);
  await client.heard('resumed');
  return client;
}

/** The HTTP status with which an upgrade was refused, and its error's code. */
export function refused(
  url: string,
  options: { protocol?: string | null; headers?: Record<string, string> } = {},
): Promise<{ status: number; code: string }> {
  const { protocol = 'sotto.1', headers } = options;
  const ws = new WebSocket(url, protocol === null ? [] : [protocol], headers ? { headers } : {});
  return new Promise((resolve, reject) => {
    ws.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', part => {
        body += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, code: JSON.parse(body).error.code }),
      );
    });
    ws.on('open', () => {
      ws.close();
      reject(new Error('the socket opened'));
    });
    ws.on('error', reject);
  });
}
