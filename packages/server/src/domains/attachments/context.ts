import type { AccountId, Attachment, ConversationId } from '@sotto/protocol';
import type { Counter } from 'prom-client';
import type { Platform } from '../../platform/platform.ts';
import type { Links } from './links.ts';

/** What the domain above does for this one; wired by `app.ts`. */
export interface AttachmentPorts {
  /** Whether the account may read the entry of a conversation now. */
  maySee(account: AccountId, conversation: ConversationId, seq: number): Promise<boolean>;
}

/** What the actions of this domain stand on. */
export interface Context extends Platform {
  ports: AttachmentPorts;
  links: Links;
  /** Bytes that one person may upload in 24 hours. */
  dailyBytes: number;
  /** Work of this process on finishing: who asks twice waits for the one answer. */
  finishing: Map<string, Promise<Attachment>>;
  finished: Counter<'kind' | 'outcome'>;
}
