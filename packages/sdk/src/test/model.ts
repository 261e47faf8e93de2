import type { Conversation, LogEntry, Message, Person, ServerFrame } from '@sotto/protocol';
import fc from 'fast-check';
import { ANA, BEN, CHAT, conversationOf, entryOf, person } from './samples.ts';

export const CAT = '01900000-0000-7000-8000-00000000000c';
const EVERYONE = [ANA, BEN, CAT];

/** Something that happens in a conversation. `of` is counted among what there is. */
export type Op =
  | { kind: 'write'; by: string; reply: number | null }
  | { kind: 'react'; by: string; of: number; emoji: string; on: boolean }
  | { kind: 'preview'; of: number }
  | { kind: 'hide'; of: number }
  | { kind: 'pin'; of: number | null }
  | { kind: 'about' }
  | { kind: 'join'; by: string }
  | { kind: 'leave' }
  | { kind: 'talk'; on: boolean }
  | { kind: 'read'; upTo: number }
  | { kind: 'receipt'; upTo: number }
  | { kind: 'place' };

const by = fc.constantFrom(...EVERYONE);
const of = fc.nat({ max: 30 });
export const opArbitrary: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write'), by, reply: fc.option(of) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('react'),
      by,
      of,
      emoji: fc.constantFrom('👍', '❤️'),
      on: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('preview'), of }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hide'), of }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pin'), of: fc.option(of) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('about') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('join'), by: fc.constant(CAT) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('talk'), on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('read'), upTo: of }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('receipt'), upTo: of }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('place') }) },
) as fc.Arbitrary<Op>;

export interface Model {
  /** Every entry, as it was written. */
  readonly log: readonly LogEntry[];
  /** What was published of it, in order; `read` and the like too. */
  readonly frames: readonly ServerFrame[];
  readonly head: number;
  /** Entries as a page shows them now. */
  present(entries: readonly LogEntry[]): LogEntry[];
  conversation(): Conversation;
}

export type ModelKind = 'direct' | 'group' | 'room';

/** What a server has after these. */
export function modelOf(kind: ModelKind, ops: readonly Op[]): Model {
  const log: LogEntry[] = [];
  const frames: ServerFrame[] = [];
  const messages = new Map<number, Message>();
  let title = 't';
  let pin: number | null = null;
  let on = true;
  let readSeq = 0;
  let receipt = 0;
  let version = 1;
  let members: string[] = [ANA, BEN];

  const present = (entries: readonly LogEntry[]): LogEntry[] =>
    entries.map(entry => {
      const message = messages.get(entry.seq);
      if (entry.kind !== 'message' || !message) return entry;
      const quoted = message.reply && messages.get(message.reply.seq);
      const reply = message.reply && { ...message.reply, text: quoted?.text ?? '' };
      return { ...entry, message: { ...message, reply } };
    });
  const publish = (entry: LogEntry) => {
    log.push(entry);
    frames.push({ type: 'entry', conversation: CHAT, entry, people: [] });
  };
  const next = () => {
    const { seq, at } = entryOf(log.length + 1, ANA);
    return { seq, at };
  };
  /** One of the messages there are, whatever the number. */
  const pick = (number: number) => {
    const shown = [...messages.keys()];
    return shown.length === 0 ? null : (shown[number % shown.length] ?? null);
  };
  const change = (seq: number, changes: Partial<Message>) => {
    const message = messages.get(seq);
    if (message) messages.set(seq, { ...message, ...changes });
  };

  const doReact = (seq: number, who: string, emoji: string, isOn: boolean) => {
    const message = messages.get(seq);
    if (!message) return;
    const found = message.reactions.find(each => each.emoji === emoji);
    if ((found?.accounts.includes(who) ?? false) === isOn) return;
    const accounts = isOn
      ? [...(found?.accounts ?? []), who]
      : (found?.accounts ?? []).filter(each => each !== who);
    const others = message.reactions.filter(each => each !== found);
    const reactions = accounts.length > 0 ? [...others, { emoji, count: accounts.length, accounts }] : others;
    change(seq, { reactions });
    publish({ ...next(), kind: 'reaction', by: who, of: seq, emoji, on: isOn });
  };

  const people = (changed: 'joined' | 'left', accounts: string[]) =>
    publish({ ...next(), kind: 'people', by: BEN, change: changed, accounts });

  const doOp = (op: Op): void => {
    switch (op.kind) {
      case 'write': {
        const entry = entryOf(log.length + 1, op.by);
        const seq = op.reply === null ? null : pick(op.reply);
        const quoted = seq === null ? undefined : messages.get(seq);
        const reply =
          seq === null || !quoted
            ? null
            : { seq, sender: quoted.sender, text: quoted.text, attachment: null };
        const written = { ...entry, message: { ...entry.message, reply } };
        messages.set(entry.seq, written.message);
        publish(written);
        return;
      }
      case 'react': {
        const seq = pick(op.of);
        if (seq !== null) doReact(seq, op.by, op.emoji, op.on);
        return;
      }
      case 'preview': {
        const seq = pick(op.of);
        if (seq === null || messages.get(seq)?.hidden) return;
        const url = `https://example.org/${log.length}`;
        const previews = [{ url, title: url, description: '', site: '', image: null }];
        change(seq, { previews });
        publish({ ...next(), kind: 'preview', of: seq, previews });
        return;
      }
      case 'hide': {
        const seq = pick(op.of);
        if (seq === null || messages.get(seq)?.hidden) return;
        change(seq, { text: '', reply: null, previews: [], hidden: true });
        publish({ ...next(), kind: 'hidden', by: null, of: seq });
        return;
      }
      case 'pin': {
        if (kind !== 'room') return;
        pin = op.of === null ? null : pick(op.of);
        publish({ ...next(), kind: 'pin', by: BEN, of: pin });
        return;
      }
      case 'about':
        if (kind !== 'group') return;
        title = `t${log.length}`;
        publish({ ...next(), kind: 'about', by: BEN, title, picture: null });
        return;
      case 'join':
        if (kind !== 'group' || members.includes(CAT)) return;
        members = [...members, CAT];
        people('joined', [CAT]);
        return;
      case 'leave':
        if (kind !== 'group' || !members.includes(CAT)) return;
        members = members.filter(each => each !== CAT);
        people('left', [CAT]);
        return;
      case 'talk':
        if (kind !== 'room' || on === op.on) return;
        on = op.on;
        publish({ ...next(), kind: 'talk', by: BEN, on, slowSeconds: 0 });
        return;
      case 'read': {
        const upTo = Math.min(op.upTo, log.length);
        if (upTo <= readSeq) return;
        readSeq = upTo;
        frames.push({ type: 'read', conversation: CHAT, readSeq, unread: conversation().unread });
        return;
      }
      case 'receipt': {
        const upTo = Math.min(op.upTo, log.length);
        if (kind === 'room' || upTo <= receipt) return;
        receipt = upTo;
        frames.push({ type: 'receipt', conversation: CHAT, account: BEN, seq: receipt });
        return;
      }
      case 'place':
        version += 1;
        frames.push({ type: 'conversation', conversation: conversation() });
        return;
    }
  };

  const conversation = (): Conversation => {
    const base = conversationOf(present(log), readSeq);
    const { with: other, asRequest, kind: _, ...common } = base;
    const place = {
      version,
      pinned: version % 2 === 0,
      readers: kind === 'room' ? [] : [{ account: BEN, seq: receipt }],
    };
    if (kind === 'direct') return { ...common, ...place, kind, with: other, asRequest };
    if (kind === 'group') {
      const faces: Person[] = members.filter(each => each !== ANA).map(person);
      const count = members.length;
      return {
        ...common,
        ...place,
        kind,
        title,
        picture: null,
        count,
        faces,
        you: 'member',
        blockedInside: false,
      };
    }
    const pinned = pin === null ? null : (log[pin - 1] ?? null);
    return {
      ...common,
      ...place,
      kind,
      room: { id: CHAT, title: 'r', ended: false },
      moderator: false,
      on,
      slowSeconds: 0,
      pin: pinned && (present([pinned])[0] ?? null),
      canWrite: on,
      whyNot: on ? null : 'off',
    };
  };

  for (const op of ops) doOp(op);
  return { log, frames, head: log.length, present, conversation };
}

/** Emoji under a message have no order of their own. */
export const inOrder = (entry: LogEntry): LogEntry =>
  entry.kind !== 'message'
    ? entry
    : {
        ...entry,
        message: {
          ...entry.message,
          reactions: entry.message.reactions.toSorted((a, b) => (a.emoji < b.emoji ? -1 : 1)),
        },
      };
