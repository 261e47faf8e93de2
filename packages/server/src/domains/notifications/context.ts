import type { Outbound } from '../../platform/outbound/index.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Notice } from '../backchannel/index.ts';
import type { VapidKeys } from './keys.ts';

/** What notifications ask of the Backchannel. */
export interface Conversations {
  /** What is worth telling an account of a conversation now; null for nothing. */
  notice(account: string, conversation: string): Promise<Notice | null>;
  /** How many conversations hold something unread. */
  unread(account: string): Promise<number>;
}

/** What the actions of this domain stand on. */
export interface Context extends Platform {
  outbound: Outbound;
  conversations: Conversations;
  keys(): Promise<VapidKeys>;
  /** Where push services reach who runs this server: `mailto:` or `https:` (RFC 8292 section 2.1). */
  subject(): string;
  /** One more push of which a service made this. */
  count(outcome: string): void;
}
