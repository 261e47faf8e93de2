import type { ColumnType, Generated } from 'kysely';
import type { AttachmentTables } from './attachment-tables.ts';

/** Written by the server's clock or PostgreSQL's, read as a Date. */
type Timestamp = ColumnType<Date, Date | undefined, Date>;

export interface Schema extends AttachmentTables {
  accounts: {
    id: Generated<string>;
    /** Lower case; null until the profile is made. */
    handle: string | null;
    name: string | null;
    bio: Generated<string>;
    /** Blob prefix of the picture: `${picture}-96.webp`, `${picture}-384.webp`. */
    picture: string | null;
    admin: Generated<boolean>;
    /** Words of handle and name, folded: what search looks in. A `tsvector`, written and matched with `sql`. */
    search: Generated<string>;
    created_at: Timestamp;
  };
  account_addresses: {
    kind: 'email' | 'phone';
    address: string;
    account_id: string;
  };
  sign_in_codes: {
    address: string;
    /** 16 bytes of salt, then scrypt of the code; empty once it was used. */
    code_hash: Buffer;
    tries_left: number;
    expires_at: Date;
    /** Codes sent to the address since `sent_since`, at most an hour ago. */
    sent: Generated<number>;
    sent_since: Timestamp;
  };
  sessions: {
    id: Generated<string>;
    account_id: string;
    token_hash: Buffer;
    client: string;
    created_at: Timestamp;
    last_seen_at: Timestamp;
  };
  socket_tickets: {
    ticket_hash: Buffer;
    session_id: string;
    expires_at: Date;
  };
  follows: {
    follower_id: string;
    followee_id: string;
    created_at: Timestamp;
  };
  blocks: {
    blocker_id: string;
    blocked_id: string;
    created_at: Timestamp;
  };
  rooms: {
    id: Generated<string>;
    title: string;
    topics: string[];
    visibility: 'open' | 'private';
    hands: Generated<'off' | 'followed' | 'everyone'>;
    stage_locked: Generated<boolean>;
    /** Opens a private room to who has the link. */
    key: string;
    version: Generated<number>;
    opened_by: string;
    started_at: Timestamp;
    /** Since when no moderator is connected (RO-5). */
    unmoderated_since: Date | null;
    ended_at: Date | null;
    end_reason: 'ended' | 'gone' | null;
  };
  room_people: {
    room_id: string;
    account_id: string;
    role: 'moderator' | 'speaker' | 'listener';
    muted: Generated<boolean>;
    device: string;
    /** The session they are inside by; null once it is over, and when they left. */
    session_id: string | null;
    entered_at: Timestamp;
    /** Since when on the stage. */
    stage_at: Date | null;
    hand_at: Date | null;
    hand_line: Generated<string>;
    invited_by: string | null;
    /** Since when the room without moderators is offered to them (RO-5). */
    moderation_offered_at: Date | null;
    moderation_declined: Generated<boolean>;
    /** Since when no socket of the device is open; null while connected. */
    disconnected_at: Date | null;
    left_at: Date | null;
  };
  room_kept_out: {
    room_id: string;
    account_id: string;
    by_id: string;
    created_at: Timestamp;
  };
  room_pings: {
    room_id: string;
    account_id: string;
    by_id: string;
    created_at: Timestamp;
  };
  conversations: {
    id: Generated<string>;
    kind: 'direct';
    /** `seq` of the newest entry of the log. */
    head: Generated<number>;
    created_at: Timestamp;
    last_entry_at: Date | null;
  };
  direct_conversations: {
    /** The smaller of the two ids, as UUIDs sort. */
    low_id: string;
    high_id: string;
    conversation_id: string;
  };
  members: {
    conversation_id: string;
    account_id: string;
    read_seq: Generated<number>;
    joined_at: Timestamp;
  };
  log_entries: {
    conversation_id: string;
    seq: number;
    id: Generated<string>;
    kind: 'message';
    sender_id: string;
    client_id: string;
    text: string;
    created_at: Timestamp;
  };
}
