import type { Socket } from 'node:net';
import { socketClose } from '@sotto/protocol';
import type { WebSocket } from 'ws';
import type { Encoded } from './encode.ts';
import type { SocketLimits } from './limits.ts';
import type { SocketMetrics } from './metrics.ts';

/**
 * The way down to one client, with what it owes its slowness (RT-7): what a client does not read waits here, within
 * bounds, and nowhere else. Ready frames go straight to the TCP socket; with no compression nothing of ws's own can be
 * half written at that moment.
 */
export class Outlet {
  readonly #socket: WebSocket;
  readonly #tcp: Socket;
  readonly #limits: SocketLimits;
  readonly #metrics: SocketMetrics;
  readonly #ended: () => void;
  /** Frames that wait for a `resumed` to go before them. */
  #held: Encoded[] | null = null;
  #heldBytes = 0;
  /** The newest of each ephemeral frame that did not fit, until the socket drains. */
  #coalesced: Map<string, Encoded> | null = null;
  #corked = false;
  #undrainedSince: number | null = null;
  #closed = false;

  /** @param ended called once, when nothing more can be sent: the client may hang up much later */
  constructor(
    socket: WebSocket,
    tcp: Socket,
    context: { limits: SocketLimits; metrics: SocketMetrics },
    ended: () => void,
  ) {
    this.#socket = socket;
    this.#tcp = tcp;
    this.#limits = context.limits;
    this.#metrics = context.metrics;
    this.#ended = ended;
    socket.once('close', () => this.#end('client'));
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(frame: Encoded): void {
    if (this.#closed) return;
    if (this.#held) this.#hold(frame, this.#held);
    else this.sendFirst(frame);
  }

  /** Sends ahead of what is held. */
  sendFirst(frame: Encoded): void {
    if (this.#closed) return;
    const undrained = this.#tcp.writableLength;
    if (undrained > this.#limits.undrainedBytes) {
      this.close(socketClose.tooSlow, 'too much unread');
      return;
    }
    if (frame.ephemeral !== null && undrained > this.#limits.ephemeralBytes)
      this.#coalesce(frame.ephemeral, frame);
    else this.#write(frame);
  }

  /** From now on frames wait, until {@link release}: what they tell comes after what is being read. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.#heldBytes = 0;
    for (const frame of held) this.sendFirst(frame);
  }

  ping(): void {
    if (!this.#closed) this.#socket.ping();
  }

  /** Whether something has been waiting for too long, without a moment at which all was read. */
  isStuck(now: number): boolean {
    if (this.#tcp.writableLength === 0) this.#undrainedSince = null;
    else this.#undrainedSince ??= now;
    return this.#undrainedSince !== null && now - this.#undrainedSince >= this.#limits.undrainedMs;
  }

  /** Says why, and hangs up whether or not the client answers. Nothing is sent after it. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#end(code);
    this.#socket.close(code, reason);
    const timer = setTimeout(() => this.#socket.terminate(), this.#limits.closeMs);
    timer.unref();
    this.#socket.once('close', () => clearTimeout(timer));
  }

  #end(reason: number | 'client'): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#held = null;
    this.#coalesced = null;
    this.#metrics.closed(reason);
    this.#ended();
  }

  #hold(frame: Encoded, held: Encoded[]): void {
    if (frame.ephemeral !== null) {
      this.#metrics.dropped += 1;
      return;
    }
    this.#heldBytes += frame.bytes.length;
    if (this.#heldBytes > this.#limits.undrainedBytes)
      this.close(socketClose.tooSlow, 'too much happened while resuming');
    else held.push(frame);
  }

  #write(frame: Encoded): void {
    // The client may have hung up already, its close event still on the way.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#metrics.sent += 1;
    // Frames of the same tick go to the kernel in one write.
    if (!this.#corked) {
      this.#corked = true;
      this.#tcp.cork();
      process.nextTick(uncork, this);
    }
    this.#tcp.write(frame.bytes);
  }

  #coalesce(key: string, frame: Encoded): void {
    if (!this.#coalesced) {
      this.#coalesced = new Map();
      this.#tcp.once('drain', () => this.#flush());
    }
    if (this.#coalesced.has(key)) this.#metrics.dropped += 1;
    this.#coalesced.set(key, frame);
  }

  #flush(): void {
    const waiting = this.#coalesced;
    this.#coalesced = null;
    for (const frame of waiting?.values() ?? []) this.send(frame);
  }

  static uncork(outlet: Outlet): void {
    outlet.#corked = false;
    outlet.#tcp.uncork();
  }
}

const uncork = Outlet.uncork;
