import type { ClientFrame, ServerFrame } from '@sotto/protocol';
import { SOCKET_HEARTBEAT_SECONDS, SOCKET_PROTOCOL, socketClose } from '@sotto/protocol/limits';
import { isSottoError } from '../calls/error.ts';
import { type Clock, fullJitter, type Random, type Wake } from '../ports.ts';
import { createStore, type Readable } from '../stores/store.ts';
import type { ConnectionState, OpenSocket, SocketLike, WaitReason } from './types.ts';

export interface ConnectionOptions {
  /** `wss://sotto.example/socket` */
  url: string;
  open: OpenSocket;
  /** A fresh single-use ticket (RT-8). */
  ticket: () => Promise<string>;
  /** What the client has, asked for at each opening (RT-6). */
  resume: () => Extract<ClientFrame, { type: 'resume' }>;
  onFrame: (frame: ServerFrame) => void;
  clock: Clock;
  random: Random;
  wake: Wake;
}

export interface Connection {
  readonly state: Readable<ConnectionState>;
  start(): void;
  stop(): void;
  /** False where there is no open socket: say it another way, or later. */
  send(frame: ClientFrame): boolean;
}

const CONNECT_TIMEOUT = 10_000;
/** Only a connection that held this long makes the next wait short again. */
const STEADY = 10_000;
const MISSED_SPREAD = 1000;

function parse(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data) as ServerFrame;
  } catch {
    return null;
  }
}

/** The one socket of a client: ticket, resume, heartbeat, reconnect. There are never two. */
export function createConnection(options: ConnectionOptions): Connection {
  const { clock } = options;
  const state = createStore<ConnectionState>({ state: 'off' });
  let socket: SocketLike | null = null;
  /** Each try has its own number; what an older one still says is not heard. */
  let generation = 0;
  let attempt = 0;
  let openedAt = 0;
  let lastHeard = 0;
  let silenceAfter = SOCKET_HEARTBEAT_SECONDS * 1600;
  let cancelTimer = () => {};
  let cancelResume = () => {};
  let unsubscribe = () => {};

  const setTimer = (ms: number, run: () => void) => {
    cancelTimer();
    cancelTimer = clock.after(ms, run);
  };

  const drop = (code?: number) => {
    generation += 1;
    cancelTimer();
    cancelResume();
    const old = socket;
    socket = null;
    old?.close(code);
  };

  const finish = (last: 'off' | 'signedOut') => {
    drop(1000);
    unsubscribe();
    state.set({ state: last });
  };

  const wait = (reason: WaitReason, atLeast = 0) => {
    if (openedAt > 0 && clock.now() - openedAt >= STEADY) attempt = 0;
    openedAt = 0;
    const delay = Math.max(atLeast, fullJitter(attempt, options.random));
    attempt += 1;
    state.set({ state: 'waiting', attempt, retryAt: clock.now() + delay, reason });
    setTimer(delay, connect);
  };

  const heard = () => {
    lastHeard = clock.now();
    setTimer(silenceAfter, () => {
      drop();
      wait('silent');
    });
  };

  const closed = (code: number) => {
    drop();
    if (code === socketClose.signedOut) finish('signedOut');
    else wait(code === socketClose.restart ? 'restart' : openedAt === 0 ? 'unreachable' : 'closed');
  };

  const receive = (data: unknown) => {
    heard();
    const frame = parse(data);
    // Not ours: something between has put it there.
    if (!frame) return;
    if (frame.type === 'hello') {
      silenceAfter = frame.heartbeatSeconds * 1600;
      openedAt = clock.now();
      heard();
      state.set({ state: 'open', since: openedAt });
    }
    if (frame.type === 'missed') resumeSoon();
    options.onFrame(frame);
  };

  /** Everyone was told at once: not all are to ask at once. */
  const resumeSoon = () => {
    const mine = generation;
    cancelResume();
    cancelResume = clock.after(options.random() * MISSED_SPREAD, () => {
      if (mine === generation) socket?.send(JSON.stringify(options.resume()));
    });
  };

  const attach = (ticket: string) => {
    const mine = generation;
    setTimer(CONNECT_TIMEOUT, () => {
      drop();
      wait('unreachable');
    });
    const url = `${options.url}?ticket=${encodeURIComponent(ticket)}`;
    socket = options.open(url, SOCKET_PROTOCOL, {
      opened: () => {
        if (mine === generation) socket?.send(JSON.stringify(options.resume()));
      },
      message: data => {
        if (mine === generation) receive(data);
      },
      closed: code => {
        if (mine === generation) closed(code);
      },
    });
  };

  function connect(): void {
    drop();
    const mine = generation;
    state.set({ state: 'connecting', attempt });
    options.ticket().then(
      ticket => {
        if (mine !== generation) return;
        attach(ticket);
      },
      error => {
        if (mine !== generation) return;
        if (isSottoError(error, 'not_signed_in')) finish('signedOut');
        else wait('unreachable', isSottoError(error) ? (error.retryAfter ?? 0) * 1000 : 0);
      },
    );
  }

  const woken = (sign: 'online' | 'visible') => {
    const now = state.getSnapshot();
    if (now.state === 'waiting') connect();
    // A network that went and came took the connection with it, whatever the socket believes.
    else if (now.state === 'open' && (sign === 'online' || clock.now() - lastHeard > silenceAfter)) connect();
  };

  return {
    state,
    start() {
      const now = state.getSnapshot().state;
      if (now !== 'off' && now !== 'signedOut') return;
      attempt = 0;
      unsubscribe = options.wake.subscribe(woken);
      connect();
    },
    stop: () => finish('off'),
    send(frame) {
      if (!socket || state.getSnapshot().state !== 'open') return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
  };
}
