import type { AccountId, ConversationId, Id, LogEntry, Reply, ShareCard } from '@sotto/protocol';
import type { PendingFile } from '../backchannel/types.ts';
import type { SottoErrorCode } from '../calls/error.ts';

/** To whom: a conversation, or a person with whom the direct conversation is opened first. */
export type Recipient = { readonly conversation: ConversationId } | { readonly person: AccountId };

export type OutboxItemState =
  /** For the network, for its turn, or until `notBefore` (ms since the epoch); `last`: what the last try met. */
  | { readonly state: 'waiting'; readonly notBefore: number; readonly last: SottoErrorCode | null }
  /** Its files go first; `part` of all their bytes, 0 to 1. `last`: what holds it up, while it waits for the network. */
  | { readonly state: 'uploading'; readonly part: number; readonly last: SottoErrorCode | null }
  | { readonly state: 'sending' }
  /**
   * It cannot be sent as it is; the person decides: `retry`, `discard`, or `takeBack` to change it. `details`: the error's
   * (`retryAfter`, `until`, `reason` …). `file`: the index of the file that was refused.
   */
  | {
      readonly state: 'failed';
      readonly code: SottoErrorCode;
      readonly details: Readonly<Record<string, unknown>>;
      readonly file: number | null;
    };

/** A file of a message on its way, with how far it is. */
export interface OutboxFile extends PendingFile {
  /** The upload under way, to be resumed. */
  readonly upload: Id | null;
  /** Of a video's poster: its upload, and the attachment once it is finished. */
  readonly posterUpload: Id | null;
  readonly poster: Id | null;
}

/** A message on its way (RT-2). */
export interface OutboxItem {
  /** UUIDv7: order of writing. */
  readonly clientId: string;
  readonly to: Recipient;
  readonly text: string;
  /** As quoted on the screen; the server is told the `seq`. */
  readonly reply: Reply | null;
  readonly card: ShareCard | null;
  /** Their bytes are kept apart: `outbox.file`. */
  readonly files: readonly OutboxFile[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Tries so far. */
  readonly attempts: number;
  /** It was handed to the server, and no refusal came: it may have arrived. */
  readonly posted: boolean;
  /** Counts the changes to this item: of two copies, the higher is the newer. */
  readonly revision: number;
  readonly status: OutboxItemState;
}

/** A message the server has committed. */
export interface Settled {
  readonly clientId: string;
  readonly conversation: ConversationId;
  /** As far as this device can tell: the log has it in the server's words. */
  readonly entry: LogEntry;
  readonly item: OutboxItem;
}
