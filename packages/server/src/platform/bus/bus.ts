import type { AccountId, Id, RoomId, ServerFrame } from '@sotto/protocol';

/** A set of sockets that hear the same frames. */
export type Channel = `room:${RoomId}` | 'hallway';

/** To whom a frame goes. */
export type Audience =
  | { accounts: readonly AccountId[] }
  /** `except`: people who must not learn of it, for a block. */
  | { channel: Channel; except?: readonly AccountId[] };

/** What app nodes tell each other after a commit. Plain data: it may cross a network. */
export type BusMessage =
  | { kind: 'frame'; to: Audience; frame: ServerFrame }
  /** The account's sockets, wherever they are, hear the channel from now on, or no more. */
  | { kind: 'listen'; account: AccountId; channel: Channel }
  | { kind: 'unlisten'; account: AccountId; channel: Channel }
  /** Sessions that are over: their sockets close at once (RT-9). */
  | { kind: 'sessionsEnded'; sessions: readonly Id[] };

/**
 * The port by which nodes hear each other. At most once, no replay: a lost message is repaired by sequences (RT-5).
 * Messages of one publisher arrive in the order of `publish`.
 */
export interface Bus {
  publish(message: BusMessage): void;
  /** Every node hears every message, its own included. Returns what ends the subscription. */
  subscribe(listener: (message: BusMessage) => void): () => void;
  /** Rejects if messages would not get through. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
