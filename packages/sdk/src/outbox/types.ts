import type { AccountId, ConversationId, LogEntry } from '@sotto/protocol';
import type { SottoErrorCode } from '../calls/error.ts';

/** To whom: a conversation, or a person with whom the direct conversation is opened first. */
export type Recipient = { readonly conversation: ConversationId } | { readonly person: AccountId };

export type OutboxItemState =
  /** For the network, for its turn, or until `notBefore` (ms since the epoch); `last`: what the last try met. */
  | { readonly state: 'waiting'; readonly notBefore: number; readonly last: SottoErrorCode | null }
  | { readonly state: 'sending' }
  /** The server refused it; the person decides: `retry` or `discard`. */
  | { readonly state: 'failed'; readonly code: SottoErrorCode };

/** A message on its way (RT-2). */
export interface OutboxItem {
  /** UUIDv7: order of writing. */
  readonly clientId: string;
  readonly to: Recipient;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Tries so far: one that was tried may have arrived, though no reply came. */
  readonly attempts: number;
  /** Counts the changes to this item: of two copies, the higher is the newer. */
  readonly revision: number;
  readonly status: OutboxItemState;
}

/** A message the server has committed. */
export interface Settled {
  readonly clientId: string;
  readonly conversation: ConversationId;
  readonly entry: LogEntry;
}
