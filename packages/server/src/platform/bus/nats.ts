import { setTimeout as wait } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Bus, BusMessage } from './bus.ts';
import { createListeners } from './listeners.ts';

export interface NatsLocation {
  /** `host:port` of each server of the cluster; any of them will do. */
  servers: string[];
  /** Undefined: the server asks for nothing. */
  login: { user: string; pass: string } | { token: string } | undefined;
  tls: boolean;
  /** Several networks on one NATS keep apart by their names. */
  name: string;
}

export interface NatsReports {
  /** A listener threw, or something came that is not ours, or did not fit. */
  onError(error: unknown): void;
  /** The connection is lost, or there again. */
  onConnected?(connected: boolean): void;
}

/** Figures of one node's bus. */
export interface BusStats {
  connected: boolean;
  /** Published while the others could not be reached, or too large for the server. */
  missed: number;
  heard: number;
  published: number;
}

export interface NatsBus extends Bus {
  stats(): BusStats;
}

/** What was sent and not yet known to have reached the server; more would pile up in memory while it does not read. */
const unprovenBytes = 16 * 1024 * 1024;
/** So much is sent before the server is asked whether it has it. */
const proofEvery = 512 * 1024;
const pingMs = 2000;
const closeMs = 2000;
const shortestWaitMs = 50;
const longestWaitMs = 2000;

type OnTheWire = BusMessage | { kind: 'missed' };

/**
 * The bus of several nodes, by core NATS: no JetStream, as PostgreSQL holds the truth. Reconnects without end. A message
 * is encoded once, sent once, and not sent back to us.
 * @throws Error where no server can be reached now
 */
export async function natsBus(location: NatsLocation, reports: NatsReports): Promise<NatsBus> {
  const { onError } = reports;
  const subject = `sotto.${location.name}`;
  const listeners = createListeners(onError);
  const lossListeners = new Set<() => void>();
  const ending = new AbortController();
  const stats = { missed: 0, heard: 0, published: 0 };
  let connection: NatsConnection | null = null;
  let unproven = 0;
  let unasked = 0;
  let owesWord = false;

  function send(message: OnTheWire): void {
    const bytes = Buffer.from(JSON.stringify(message));
    if (!connection || unproven + bytes.byteLength > unprovenBytes) {
      miss();
      return;
    }
    try {
      connection.publish(subject, bytes);
    } catch (error) {
      // Larger than the server takes.
      onError(error);
      miss();
      queueMicrotask(confess);
      return;
    }
    stats.published += 1;
    unproven += bytes.byteLength;
    unasked += bytes.byteLength;
    if (unasked >= proofEvery) askForProof(connection);
  }

  function miss(): void {
    stats.missed += 1;
    owesWord = true;
  }

  /** Those who missed something are told that they did, once they can hear it. */
  function confess(): void {
    if (!owesWord || !connection) return;
    owesWord = false;
    send({ kind: 'missed' });
  }

  /** The server answers pings in order: its answer proves all that was sent before. */
  function askForProof(asking: NatsConnection): void {
    const asked = unasked;
    unasked = 0;
    asking.flush().then(
      () => {
        if (asking !== connection) return;
        unproven -= asked;
        confess();
      },
      // The connection is gone, and what is unproven with it.
      () => undefined,
    );
  }

  function tellLoss(): void {
    for (const listener of lossListeners) {
      try {
        listener();
      } catch (error) {
        onError(error);
      }
    }
  }

  function receive(data: Uint8Array): void {
    stats.heard += 1;
    try {
      const message = parse(data);
      if (message.kind === 'missed') tellLoss();
      else listeners.tell(message, 'elsewhere');
    } catch (error) {
      onError(error);
    }
  }

  async function open(): Promise<void> {
    const opened = await connect({
      servers: location.servers,
      ...location.login,
      ...(location.tls && { tls: {} }),
      name: `sotto ${location.name}`,
      noEcho: true,
      timeout: 5000,
      // Ours to do: the client waits for ever on a connection that takes no more bytes.
      reconnect: false,
      // A dead connection that nobody ended is noticed within some 6 s.
      pingInterval: 2000,
      maxPingOut: 2,
    });
    opened.subscribe(subject, {
      callback: (error, message) => (error ? onError(error) : receive(message.data)),
    });
    void watch(opened);
    try {
      await opened.flush();
      ending.signal.throwIfAborted();
    } catch (error) {
      await opened.close();
      throw error;
    }
    connection = opened;
    void opened.closed().then(reopen);
  }

  async function watch(opened: NatsConnection): Promise<void> {
    for await (const status of opened.status()) {
      if (status.type === 'staleConnection') void opened.close();
      else if (status.type === 'error') onError(status.error);
    }
  }

  async function reopen(): Promise<void> {
    connection = null;
    unproven = 0;
    unasked = 0;
    if (ending.signal.aborted) return;
    reports.onConnected?.(false);
    for (let longest = shortestWaitMs; ; longest = Math.min(longest * 2, longestWaitMs)) {
      try {
        await wait(longest * (0.5 + Math.random() / 2), undefined, { ref: false, signal: ending.signal });
        await open();
        break;
      } catch {
        if (ending.signal.aborted) return;
      }
    }
    reports.onConnected?.(true);
    // What others said meanwhile is lost to us, and what we said, or had only just sent, to them.
    owesWord = true;
    confess();
    tellLoss();
  }

  await open();

  return {
    publish(message) {
      if (ending.signal.aborted) return;
      // First to the others: what a listener here answers comes after it for everyone.
      send(message);
      listeners.tell(message, 'here');
    },
    subscribe: listener => listeners.add(listener),
    onLoss(listener) {
      const own = () => listener();
      lossListeners.add(own);
      return () => lossListeners.delete(own);
    },
    async ping() {
      if (!connection) throw new Error('bus: NATS cannot be reached');
      const answered = connection.flush().then(() => true);
      const late = wait(pingMs, false, { ref: false });
      if (!(await Promise.race([answered, late]))) throw new Error('bus: NATS does not answer');
    },
    async close() {
      if (ending.signal.aborted) return;
      ending.abort();
      listeners.clear();
      lossListeners.clear();
      const last = connection;
      if (!last) return;
      const drained = last.drain().catch(() => undefined);
      await Promise.race([drained, wait(closeMs, undefined, { ref: false })]);
      await last.close();
    },
    stats: () => ({ ...stats, connected: connection !== null }),
  };
}

/** @throws Error for what no node of ours says */
function parse(data: Uint8Array): OnTheWire {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
  const message: unknown = JSON.parse(text);
  if (typeof message === 'object' && message !== null && 'kind' in message) return message as OnTheWire;
  throw new Error('bus: not a message of ours');
}
