import type { Readable, SessionState } from '@sotto/sdk';
import { readKept, writeKept } from './kept.ts';

const KEY = 'drafts';
/** Drafts kept at once; the oldest goes first. */
const MOST = 100;

function read(): Map<string, string> {
  try {
    const saved: unknown = JSON.parse(readKept(KEY) ?? '[]');
    return new Map(Array.isArray(saved) ? (saved as [string, string][]) : []);
  } catch {
    return new Map();
  }
}

/** What was typed in a conversation and not sent yet: it survives leaving, reloading and closing. */
export const drafts = {
  get: (conversation: string): string => read().get(conversation) ?? '',
  set(conversation: string, text: string): void {
    const all = read();
    all.delete(conversation);
    if (text.trim()) all.set(conversation, text);
    writeKept(KEY, all.size === 0 ? null : JSON.stringify([...all].slice(-MOST)));
  },
  clear: (): void => writeKept(KEY, null),
};

const TITLE_KEY = 'roomTitle';

/** The title of a room that is not open yet. */
export const roomTitleDraft = {
  get: (): string => readKept(TITLE_KEY) ?? '',
  set: (title: string): void => writeKept(TITLE_KEY, title || null),
};

const WRITER_KEY = 'draftsOf';

/**
 * Drafts are for their writer alone: they go when the writer signs out, and when another signs in. Where a session ended by
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
    }
    if (left) writeKept(WRITER_KEY, null);
    if (writer !== null && writer !== before) writeKept(WRITER_KEY, writer);
  };
  look();
  return session.subscribe(look);
}
