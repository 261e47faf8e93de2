import type { Person } from '@sotto/protocol';
import { foldLetters } from '@sotto/protocol/letters';

/** A stretch of a text that names somebody. Offsets count UTF-16 units. */
export interface Mention {
  start: number;
  end: number;
  /** In small letters, without the `@`. */
  handle: string;
}

/** Every `@handle` of a text, as the server reads it when it decides who hears of a message (BC-31). */
export function mentionsIn(text: string): Mention[] {
  const found: Mention[] = [];
  for (const match of text.matchAll(/(?<![\p{L}\p{N}_.@])@([a-z][a-z0-9._]{1,23})/giu)) {
    const handle = (match[1] ?? '').replace(/[._]+$/, '');
    found.push({ start: match.index, end: match.index + 1 + handle.length, handle: handle.toLowerCase() });
  }
  return found;
}

/** What is typed of a mention before the caret, without its `@`; null where none is being typed. */
export function mentionAt(text: string, caret: number): string | null {
  return /(?:^|[\s(])@([\p{L}\p{N}._]{0,24})$/u.exec(text.slice(0, caret))?.[1] ?? null;
}

/** Those whose handle, or a word of whose name, begins so; at most `most`. */
export function mentioned(people: readonly Person[], query: string, most = 6): Person[] {
  const asked = foldLetters(query);
  return people
    .filter(
      ({ handle, name }) =>
        handle.startsWith(query.toLowerCase()) ||
        foldLetters(name)
          .split(/\s+/u)
          .some(word => word.startsWith(asked)),
    )
    .slice(0, most);
}

/** The text with what was typed of the mention replaced by the handle, and where the caret goes. */
export function withMention(text: string, caret: number, handle: string): { text: string; caret: number } {
  const typed = mentionAt(text, caret) ?? '';
  const before = text.slice(0, caret - typed.length);
  const after = text.slice(caret).replace(/^\s/u, '');
  return { text: `${before}${handle} ${after}`, caret: before.length + handle.length + 1 };
}
