import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { AttachmentTables } from './attachment-tables.ts';
import type { LinkTables } from './link-tables.ts';
import type { PushTables } from './push-tables.ts';

/** Written by the server's clock or PostgreSQL's, read as a Date. */
type Timestamp = ColumnType<Date, Date | undefined, Date>;

export interface Schema extends AttachmentTables, LinkTables, PushTables {
  accounts: {
    id: Generated<string>;
    /** Lower case; null until the profile is made. */
    handle: string | null;
    name: string | null;
    bio: Generated<string>;
    /** Blob prefix of the picture: `${picture}-96.webp`, `${picture}-384.webp`. */
    picture: string | null;
    admin: Generated<boolean>;
    /** Until then they cannot write (PE-9). */
    silenced_until: Date | null;
    /** Until then they cannot sign in. */
    suspended_until: Date | null;
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
    kind: 'direct' | 'group' | 'room' | 'stage';
    /** `seq` of the newest entry of the log. */
    head: Generated<number>;
    /** `seq` of the newest message. */
    last_seq: Generated<number>;
    created_at: Timestamp;
    /** When the newest message was written, or a group was made: what the inbox sorts by. */
    last_entry_at: Date | null;
    /** Of a group. */
    title: Generated<string>;
    picture: string | null;
    /** People in a group or direct conversation now. */
    people_count: Generated<number>;
    made_by: string | null;
    client_id: string | null;
    /** Of a talk: a `room` or `stage` conversation. */
    room_id: string | null;
    talk_on: Generated<boolean>;
    slow_seconds: Generated<number>;
    pinned_seq: number | null;
    frozen_at: Date | null;
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
    /**
     * `new`: of a direct conversation, nothing agreed yet. `request`, `invited`: waits for a yes. `held`: kept back by a
     * rule; `queued`: by the day's number. `deleted`: refused. `left`, `removed`: not in it any more.
     */
    state: Generated<
      'new' | 'active' | 'request' | 'held' | 'queued' | 'deleted' | 'invited' | 'left' | 'removed'
    >;
    state_at: Timestamp;
    /** In a group; in a talk `admin` is who moderates the room. */
    role: Generated<'owner' | 'admin' | 'member'>;
    /** The first entry that is for them. */
    first_seq: Generated<number>;
    read_seq: Generated<number>;
    /** Rises with every change to what they see of the conversation that is not in its log. */
    version: Generated<number>;
    muted_until: Date | null;
    pinned_at: Date | null;
    archived_at: Date | null;
    marked_unread: Generated<boolean>;
    invited_by: string | null;
    /** In a talk: when they last wrote. In a direct conversation: when they last asked (BC-11). */
    wrote_at: Date | null;
    joined_at: Timestamp;
  };
  log_entries: {
    conversation_id: string;
    seq: number;
    id: Generated<string>;
    kind: 'message' | 'reaction' | 'preview' | 'hidden' | 'pin' | 'people' | 'about' | 'talk' | 'frozen';
    /** Who wrote or did it; null for what nobody did. */
    sender_id: string | null;
    /** Of messages. */
    client_id: string | null;
    text: string;
    /** Of a message: `reply`, `attachments`, `card`, or null; of another entry, what it says. */
    extra: JSONColumnType<object> | null;
    /** The message that the entry is about. */
    target_seq: number | null;
    hidden_by: string | null;
    hidden_at: Date | null;
    /** Link previews of a message, as the contract shows them. */
    previews: JSONColumnType<object[]> | null;
    /** Words of a message, folded. A `tsvector`, written and matched with `sql`. */
    search: string | null;
    created_at: Timestamp;
  };
  reactions: {
    conversation_id: string;
    seq: number;
    emoji: string;
    account_id: string;
    created_at: Timestamp;
  };
  requests: {
    id: Generated<string>;
    conversation_id: string;
    sender_id: string;
    recipient_id: string;
    sent_at: Date;
    /** When the recipient could first see it; null while it is held back, or queued, or never. */
    shown_at: Date | null;
    outcome: 'accepted' | 'deleted' | 'blocked' | null;
    decided_at: Date | null;
    reported: Generated<boolean>;
  };
  backchannel_choices: {
    account_id: string;
    who_may_write: Generated<'everyone' | 'following' | 'nobody'>;
    receipts: Generated<boolean>;
    held_words: Generated<string[]>;
    held_hosts: Generated<string[]>;
  };
  operator_rules: {
    kind: 'word' | 'host';
    value: string;
  };
  reports: {
    id: Generated<string>;
    by_id: string;
    about_id: string;
    conversation_id: string;
    seq: number | null;
    reason: string;
    note: Generated<string>;
    /** `Evidence` of the contract, as it was. */
    evidence: JSONColumnType<object>;
    created_at: Timestamp;
    outcome: 'dismissed' | 'hidden' | 'silenced' | 'suspended' | null;
    decided_by: string | null;
    decided_at: Date | null;
    remark: Generated<string>;
    answer: Generated<string>;
  };
}
