import { z } from 'zod';
import { MESSAGE_TEXT_MAX } from '../limits.ts';
import { Id, Instant } from './common.ts';
import { Person } from './people.ts';

/** As written: line breaks stay, other control characters go, ends are trimmed; something must be left. */
export const MessageText = z
  .string()
  .transform(text =>
    text
      .replace(/\r\n?/g, '\n')
      .replace(/[^\P{Cc}\n\t]/gu, '')
      .trim(),
  )
  .pipe(z.string().min(1).max(MESSAGE_TEXT_MAX));

export const Message = z.object({
  id: Id,
  sender: Id,
  /** The id the sender's client minted; tells the sender's own devices which pending message this is. */
  clientId: Id,
  text: z.string(),
});
export type Message = z.infer<typeof Message>;

/** One thing that happened in a conversation; `seq` counts them from 1 without a gap (RT-3). */
export const LogEntry = z.object({
  seq: z.int().min(1),
  at: Instant,
  kind: z.literal('message'),
  message: Message,
});
export type LogEntry = z.infer<typeof LogEntry>;

export const ConversationKind = z.enum(['direct']);

export const Conversation = z.object({
  id: Id,
  kind: ConversationKind,
  /** The other one in a `direct` conversation. */
  with: Person,
  /** `seq` of the newest entry; 0 while nothing was written. */
  head: z.int().min(0),
  /** Up to where you have read. Only ever moves forward. */
  readSeq: z.int().min(0),
  /** Messages of others after `readSeq`. */
  unread: z.int().min(0),
  last: LogEntry.nullable(),
  /** False where one of you has blocked the other: read, but not write. */
  canWrite: z.boolean(),
});
export type Conversation = z.infer<typeof Conversation>;
