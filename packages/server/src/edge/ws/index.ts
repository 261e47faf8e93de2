import type { Server } from 'node:http';
import { socketClose } from '@sotto/protocol';
import type { WebSocket } from 'ws';
import type { Bus, BusMessage } from '../../platform/bus/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Metrics } from '../../platform/metrics/index.ts';
import { refuse } from '../../platform/refusal.ts';
import { createAddressOf } from './address.ts';
import { Connection, type ConnectionContext } from './connection.ts';
import { Directory } from './directory.ts';
import { type Encoded, encode } from './encode.ts';
import { type SocketLimits, scaled, socketLimits } from './limits.ts';
import { createSocketMetrics } from './metrics.ts';
import type { SocketPorts } from './ports.ts';
import { createUpgrade } from './upgrade.ts';

export type { SocketLimits } from './limits.ts';
export type { SocketPorts } from './ports.ts';

const rechecksAtOnce = 4;

export interface SocketOptions extends SocketPorts {
  bus: Bus;
  log: Log;
  metrics: Metrics;
  trustProxy: false | number | string[];
  publicUrl(): string;
  /** Multiplies how many sockets and frames one client may have; tests and benches raise it. */
  limitFactor?: number;
  limits?: Partial<SocketLimits>;
}

export interface Sockets {
  /** Answers the upgrades of a server. */
  attach(server: Server): void;
  /** Closes every socket with 1012 and the reason, and lets no new one in. Resolves when all are gone, within some 2 s, and the domains have been told. */
  close(reason?: string): Promise<void>;
  stats(): { sockets: number; framesSent: number; framesDropped: number };
}

/** The sockets of one node: tickets in, events out (RT-1, RT-6 to RT-9, RT-11). */
export function createSockets(options: SocketOptions): Sockets {
  const { bus, log } = options;
  const limits = { ...scaled(socketLimits, options.limitFactor ?? 1), ...options.limits };
  const directory = new Directory();
  const metrics = createSocketMetrics(options.metrics, () => directory.all.size);
  const ending = new Set<Promise<void>>();
  const context: ConnectionContext = { ports: options, directory, limits, metrics, log, ending };
  /** Also those that were told to go and have not gone yet. */
  const live = new Set<WebSocket>();
  let closing = false;
  let doubts = 0;

  const upgrade = createUpgrade({
    publicUrl: options.publicUrl,
    addressOf: createAddressOf(options.trustProxy),
    perAddress: limits.perAddress,
    redeemTicket: options.redeemTicket,
    admit: viewer => {
      if (directory.ofAccount(viewer.account).size >= limits.perAccount)
        throw refuse('rate_limited', { retryAfter: 30 });
    },
    opened: (socket, tcp, viewer) => {
      live.add(socket);
      socket.once('close', () => live.delete(socket));
      new Connection(socket, tcp, viewer, context);
    },
    closing: () => closing,
    log,
  });

  const unsubscribe = bus.subscribe(message => deliver(directory, message));
  const stopDoubting = bus.onLoss(() => void doubtAll());
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const connection of directory.all) connection.check(now);
  }, limits.sweepMs);
  const sessionCheck = setInterval(() => void checkRights(), limits.sessionCheckMs);
  sweep.unref();
  sessionCheck.unref();

  /** RT-9: in case the bus lost the word. */
  async function checkRights(): Promise<void> {
    try {
      await endSessions();
      await inTurn([...directory.all].filter(connection => connection.hearsRoom));
    } catch (error) {
      log.warn({ err: error }, 'sockets not checked');
    }
  }

  async function endSessions(): Promise<void> {
    const sessions = directory.sessions();
    if (sessions.length === 0) return;
    const alive = await options.sessionAlive(sessions);
    signOut(
      directory,
      sessions.filter(session => !alive.has(session)),
    );
  }

  /** A few at a time: the database has others to answer. */
  async function inTurn(connections: Connection[]): Promise<void> {
    const next = connections.values();
    const work = async (): Promise<void> => {
      for (const connection of next) await connection.recheckChannels();
    };
    await Promise.all(Array.from({ length: rechecksAtOnce }, work));
  }

  /** Events were lost on the way to this node: first who may hear, then what they missed. Loss while at it: once more. */
  async function doubtAll(): Promise<void> {
    doubts += 1;
    if (doubts > 1) return;
    do {
      doubts = 1;
      try {
        await endSessions();
        await inTurn([...directory.all]);
      } catch (error) {
        log.warn({ err: error }, 'sockets not checked');
      }
      for (const connection of directory.all) connection.doubt();
    } while (doubts > 1);
    doubts = 0;
  }

  return {
    attach: server => {
      server.on('upgrade', upgrade);
    },
    async close(reason = 'the server restarts') {
      closing = true;
      clearInterval(sweep);
      clearInterval(sessionCheck);
      unsubscribe();
      stopDoubting();
      for (const connection of directory.all) connection.close(socketClose.restart, reason);
      await Promise.all([...live].map(closed));
      // The database is there until the domains know.
      await Promise.all(ending);
    },
    stats: () => ({
      sockets: directory.all.size,
      framesSent: metrics.sent,
      framesDropped: metrics.dropped,
    }),
  };
}

/** Whatever the client still sends: an error on the way is followed by the close. */
const closed = (socket: WebSocket): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', () => resolve());
  return promise;
};

function deliver(directory: Directory, message: BusMessage): void {
  switch (message.kind) {
    case 'frame': {
      let encoded: Encoded | undefined;
      directory.forEach(message.to, connection => {
        encoded ??= encode(message.frame);
        connection.send(encoded);
      });
      break;
    }
    case 'listen':
      for (const connection of directory.ofAccount(message.account)) connection.listen(message.channel);
      break;
    case 'unlisten':
      for (const connection of directory.ofAccount(message.account)) connection.unlisten(message.channel);
      break;
    case 'sessionsEnded':
      signOut(directory, message.sessions);
      break;
    default:
      message satisfies never;
  }
}

function signOut(directory: Directory, sessions: readonly string[]): void {
  for (const session of sessions)
    for (const connection of directory.ofSession(session))
      connection.close(socketClose.signedOut, 'the session is over');
}
