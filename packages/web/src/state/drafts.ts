import type { Reply } from '@sotto/protocol';
import type { Readable, SessionState } from '@sotto/sdk';
import { readKept, writeKept } from './kept.ts';
import { clearShared } from './shared.ts';

const KEY = 'drafts';
const REPLIES_KEY = 'draftReplies';
/** Into whose draft something shared was put. */
export const GIVEN_KEY = 'given';
/** Drafts kept at once; the oldest goes first. */
const MOST = 100;

function read<T>(key: string): Map<string, T> {
  try {
    const saved: unknown = JSON.parse(readKept(key) ?? '[]');
    return new Map(Array.isArray(saved) ? (saved as [string, T][]) : []);
  } catch {
    return new Map();
  }
}

function keep<T>(key: string, conversation: string, value: T | null): void {
  const all = read<T>(key);
  all.delete(conversation);
  if (value !== null) all.set(conversation, value);
  writeKept(key, all.size === 0 ? null : JSON.stringify([...all].slice(-MOST)));
}

/** What was typed in a conversation and not sent yet, and what it answers: it survives leaving, reloading and closing. */
export const drafts = {
  get: (conversation: string): string => read<string>(KEY).get(conversation) ?? '',
  set: (conversation: string, text: string): void => keep(KEY, conversation, text.trim() ? text : null),
  reply: (conversation: string): Reply | null => read<Reply>(REPLIES_KEY).get(conversation) ?? null,
  setReply: (conversation: string, reply: Reply | null): void => keep(REPLIES_KEY, conversation, reply),
  clear(): void {
    writeKept(KEY, null);
    writeKept(REPLIES_KEY, null);
    writeKept(GIVEN_KEY, null);
  },
};

const TITLE_KEY = 'roomTitle';

/** The title of a room that is not open yet. */
export const roomTitleDraft = {
  get: (): string => readKept(TITLE_KEY) ?? '',
  set: (title: string): void => writeKept(TITLE_KEY, title || null),
};

const WRITER_KEY = 'draftsOf';

/**
 * Drafts, and what another app shared, are for their writer alone: they go when the writer signs out, and when another signs in. Where a session ended by
 * itself they stay for the writer's return, as what waits to be sent does. Returns what ends the watch.
 */
export function guardDrafts(session: Readable<SessionState>): () => void {
  const look = () => {
    const now = session.getSnapshot();
    const left = now.state === 'signedOut' && now.reason === 'signedOut';
    const writer = now.state === 'signedIn' ? now.me.id : null;
    const before = readKept(WRITER_KEY);
    if (left || (writer !== null && before !== null && writer !== before)) {
      drafts.clear();
      roomTitleDraft.set('');
      clearShared().catch(() => {}); // A device that keeps nothing has nothing of it.
    }
    if (left) writeKept(WRITER_KEY, null);
    if (writer !== null && writer !== before) writeKept(WRITER_KEY, writer);
  };
  look();
  return session.subscribe(look);
}
