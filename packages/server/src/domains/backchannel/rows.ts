import type {
  AccountId,
  ConversationId,
  ConversationKind,
  GroupRole,
  LinkPreview,
  LogEntry,
  Picture,
  ShareCard,
} from '@sotto/protocol';
import type { z } from 'zod';

type Change = Extract<LogEntry, { kind: 'people' }>['change'];

/** What a message carries beside its text; only the parts that it has. */
export interface MessageExtra {
  reply?: number;
  attachments?: string[];
  card?: ShareCard;
}

/** What an entry that is no message says, as it is stored in `extra`. */
export interface EventExtra {
  reaction: { emoji: string; on: boolean };
  preview: { previews: LinkPreview[] };
  hidden: Record<string, never>;
  pin: Record<string, never>;
  people: { change: Change; accounts: string[] };
  about: { title: string; picture: z.infer<typeof Picture> | null };
  talk: { on: boolean; slowSeconds: number };
  frozen: Record<string, never>;
}
export type EventKind = keyof EventExtra;

/** What the store reads, as PostgreSQL has it. */
export interface EntryRow {
  conversation_id: string;
  seq: number;
  id: string;
  kind: 'message' | EventKind;
  sender_id: string | null;
  client_id: string | null;
  text: string;
  extra: MessageExtra | EventExtra[EventKind] | null;
  target_seq: number | null;
  hidden_at: Date | null;
  previews: LinkPreview[] | null;
  created_at: Date;
}

export interface ConversationRow {
  /** Who sees it so. */
  reader: string;
  id: string;
  kind: ConversationKind;
  head: number;
  last_entry_at: Date | null;
  title: string;
  picture: string | null;
  room_id: string | null;
  talk_on: boolean;
  slow_seconds: number;
  pinned_seq: number | null;
  frozen_at: Date | null;
  people_count: number;
  /** The viewer's membership. */
  state: 'new' | 'active' | 'request' | 'invited' | 'held';
  role: GroupRole;
  first_seq: number;
  read_seq: number;
  version: number;
  muted_until: Date | null;
  pinned_at: Date | null;
  archived_at: Date | null;
  marked_unread: boolean;
  unread: number;
  /** The other of a direct conversation, and how it stands to them. */
  other_id: string | null;
  other_state: string | null;
  /** Up to 4 others of a group. */
  faces: string[] | null;
  /** Of a direct one: when the viewer last asked the other for leave to write. */
  asked_at: Date | null;
  /** Whose first messages the other takes. */
  other_accepts: 'everyone' | 'following' | 'nobody';
  /** The other follows the viewer, where nothing is agreed yet. */
  followed: boolean;
  /** The viewer has blocked the other. */
  blocking: boolean;
  blocked_inside: boolean;
  readers: { account: string; seq: number }[] | null;
  /** The newest message that the viewer may see. */
  last: EntryRow | null;
}

/** A conversation, and how the one who asked stands in it. */
export interface Standing {
  id: ConversationId;
  kind: ConversationKind;
  head: number;
  room: string | null;
  frozenAt: Date | null;
  talkOn: boolean;
  peopleCount: number;
  state: 'new' | 'active' | 'request' | 'invited';
  role: GroupRole;
  firstSeq: number;
  readSeq: number;
  /** The other of a direct conversation, and how it stands to them. */
  other: AccountId | null;
  otherState: string | null;
}
