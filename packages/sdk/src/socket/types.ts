/** What a socket tells; after `close` nothing more. */
export interface SocketEvents {
  opened(): void;
  message(data: unknown): void;
  /** WebSocket close code (RFC 6455 section 7.4). */
  closed(code: number): void;
}

export interface SocketLike {
  send(data: string): void;
  close(code?: number): void;
}

/** Opens a WebSocket with a subprotocol. */
export type OpenSocket = (url: string, protocol: string, events: SocketEvents) => SocketLike;

/** Why the connection is being waited for. */
export type WaitReason =
  /** The ticket or the socket could not be reached. */
  | 'unreachable'
  /** The server said it restarts. */
  | 'restart'
  /** Nothing came for longer than the heartbeat allows. */
  | 'silent'
  /** The server closed it for another reason (see `socketClose`). */
  | 'closed';

export type ConnectionState =
  | { readonly state: 'off' }
  | { readonly state: 'connecting'; readonly attempt: number }
  /** `since`: milliseconds since the epoch. */
  | { readonly state: 'open'; readonly since: number }
  /** `retryAt`: milliseconds since the epoch. */
  | {
      readonly state: 'waiting';
      readonly attempt: number;
      readonly retryAt: number;
      readonly reason: WaitReason;
    }
  /** The session is over; nothing is tried any more. */
  | { readonly state: 'signedOut' };
