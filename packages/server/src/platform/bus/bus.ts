import type { AccountId, Id, RoomId, ServerFrame } from '@sotto/protocol';

/** A set of sockets that hear the same frames. */
export type Channel = `room:${RoomId}` | `stage:${RoomId}` | 'hallway';

/** To whom a frame goes. */
export type Audience =
  | { accounts: readonly AccountId[] }
  /** `except`: people who must not learn of it, for a block. `only`: of those who hear the channel, these. */
  | { channel: Channel; except?: readonly AccountId[]; only?: readonly AccountId[] };

/** What app nodes tell each other after a commit. Plain data: it may cross a network. */
export type BusMessage =
  | { kind: 'frame'; to: Audience; frame: ServerFrame }
  /** The account's sockets, wherever they are, hear the channel from now on, or no more. */
  | { kind: 'listen'; account: AccountId; channel: Channel }
  | { kind: 'unlisten'; account: AccountId; channel: Channel }
  /** Sessions that are over: their sockets close at once (RT-9). */
  | { kind: 'sessionsEnded'; sessions: readonly Id[] };

/** @param origin whether this node or another one published it */
export type BusListener = (message: BusMessage, origin: 'here' | 'elsewhere') => void;

/**
 * The port by which nodes hear each other. At most once, no replay: what is lost is repaired by sequences (RT-5).
 *
 * Guaranteed: messages of one publisher arrive at every node in the order of `publish`, those of a listener that publishes
 * included; a node hears its own at once, before `publish` returns (or, published by a listener, once the message at hand
 * has been heard by all), whether the others can be reached or not; a listener that throws harms neither the publisher
 * nor the other listeners. Not guaranteed: one order of the messages of *different* publishers for all nodes.
 */
export interface Bus {
  /** Never throws and never waits. While the other nodes cannot be reached they miss it, and `onLoss` tells them later. */
  publish(message: BusMessage): void;
  /** Every node hears every message, its own included. Returns what ends the subscription. */
  subscribe(listener: BusListener): () => void;
  /**
   * Called when messages to this node may have been lost, as soon as they can come again: time to look at the truth.
   * Returns what ends it.
   */
  onLoss(listener: () => void): () => void;
  /** Rejects if messages would not get through. */
  ping(): Promise<void>;
  /** What was published before still goes out, within some 2 s. Nothing is heard or told afterwards. */
  close(): Promise<void>;
}
