import type { Person } from '@sotto/protocol';

/** What is typed of a mention before the caret, without its `@`; null where none is being typed. */
export function mentionAt(text: string, caret: number): string | null {
  return /(?:^|[\s(])@([\p{L}\p{N}._]{0,24})$/u.exec(text.slice(0, caret))?.[1] ?? null;
}

/** Those whose handle, or a word of whose name, begins so; at most `most`. */
export function mentioned(people: readonly Person[], query: string, most = 6): Person[] {
  const asked = query.toLocaleLowerCase();
  return people
    .filter(
      ({ handle, name }) =>
        handle.startsWith(asked) ||
        name
          .toLocaleLowerCase()
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
