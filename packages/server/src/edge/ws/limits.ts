import { SOCKET_HEARTBEAT_SECONDS } from '@sotto/protocol';

/** Times in milliseconds; tests shorten them. */
export const socketLimits = {
  /** Open sockets of one account, and of one address: a conference hall has one address. */
  perAccount: 20,
  perAddress: 2000,
  /** Frames a client may send at once, and how many a second after that. */
  frameBurst: 40,
  framesPerSecond: 10,
  /** Undrained bytes after which ephemeral frames wait for the next drain, and after which the socket is closed (RT-7). */
  ephemeralBytes: 64 * 1024,
  undrainedBytes: 1024 * 1024,
  undrainedMs: 15_000,
  heartbeatMs: SOCKET_HEARTBEAT_SECONDS * 1000,
  /** The first frame of a client is its `resume`. */
  resumeMs: 15_000,
  sessionCheckMs: 60_000,
  /** What `sessionsEnded` and a closing server leave a client to answer the close frame. */
  closeMs: 2000,
  /** One `typing` in a conversation is passed on this often. */
  typingMs: 2000,
  /** How often the times above are looked at. */
  sweepMs: 1000,
};
export type SocketLimits = typeof socketLimits;

/** The same times and sizes, with other counts. */
export const scaled = (limits: SocketLimits, factor: number): SocketLimits => ({
  ...limits,
  perAccount: limits.perAccount * factor,
  perAddress: limits.perAddress * factor,
  frameBurst: limits.frameBurst * factor,
  framesPerSecond: limits.framesPerSecond * factor,
});
