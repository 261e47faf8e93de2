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
