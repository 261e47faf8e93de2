import type { Conversation, LogEntry, Person } from '@sotto/protocol';
import { useMemo, useRef } from 'react';
import type { Receipts } from './thread-context.ts';

/** Who has read up to where (BC-8), as the thread marks it. */
export function useReceipts(
  conversation: Conversation | null,
  entries: readonly LogEntry[],
  people: ReadonlyMap<string, Person>,
  me: string,
): Receipts {
  const readers = conversation?.readers;
  const direct = conversation?.kind === 'direct';
  const made = useMemo(
    () => receiptsOf(readers ?? [], direct, entries, people, me),
    [readers, direct, entries, people, me],
  );
  // Each message asks for them: a page of older ones that changes nothing draws none of them again.
  const shown = useRef(made);
  if (!isSame(shown.current, made)) shown.current = made;
  return shown.current;
}

const isSame = (a: Receipts, b: Receipts): boolean =>
  a.upTo === b.upTo &&
  a.at.size === b.at.size &&
  [...a.at].every(([seq, people]) => {
    const others = b.at.get(seq);
    return others?.length === people.length && people.every((person, index) => person === others[index]);
  });

export function receiptsOf(
  readers: Conversation['readers'],
  direct: boolean,
  entries: readonly LogEntry[],
  people: ReadonlyMap<string, Person>,
  me: string,
): Receipts {
  const others = readers.filter(({ account }) => account !== me);
  if (direct) return { upTo: Math.max(0, ...others.map(({ seq }) => seq)), at: new Map() };
  const at = new Map<number, Person[]>();
  for (const { account, seq } of others) {
    const person = people.get(account);
    const last = entries.findLast(entry => entry.kind === 'message' && entry.seq <= seq);
    // Who wrote it has read it: that says nothing.
    if (!person || last?.kind !== 'message' || last.message.sender === account) continue;
    at.set(last.seq, [...(at.get(last.seq) ?? []), person]);
  }
  return { upTo: 0, at };
}
