/** What the store reads, as PostgreSQL has it. */
export interface EntryRow {
  conversation_id: string;
  seq: number;
  id: string;
  kind: 'message';
  sender_id: string;
  client_id: string;
  text: string;
  created_at: Date;
}

export interface ConversationRow {
  id: string;
  kind: 'direct';
  head: number;
  last_entry_at: Date | null;
  read_seq: number;
  /** The other member. */
  other_id: string;
  unread: number;
  last: EntryRow | null;
}
