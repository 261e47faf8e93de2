import type { LogEntry } from '@sotto/protocol';
import { uuidv7 } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { Work } from '../../platform/work.ts';
import { createBatches } from './batches.ts';
import { conversationOf, entryOf } from './policy.ts';
import type { People, Relations } from './ports.ts';
import type { EntryRow } from './rows.ts';
import { readConversation } from './store/conversations.ts';
import { append, type Draft, lockHeads, readStandings, type Standing } from './store/log.ts';

/** Batches under way at once: each holds a database connection and waits for one flush to disk. */
const LANES = 4;
const BATCH_MAX = 64;

type Outcome = { entry: LogEntry; refusal?: never } | { refusal: Refusal };

export interface Sending {
  /** Resolves once the message is committed (RT-4). */
  send(draft: Draft): Promise<{ id: string; seq: number; at: string }>;
}

export function createSending(platform: Platform, people: People, relations: Relations): Sending {
  const submit = createBatches<Draft, Outcome>({
    lanes: LANES,
    max: BATCH_MAX,
    keyOf: draft => draft.conversation,
    run: drafts =>
      platform.transact(async work => {
        const heads = await lockHeads(work.tx, [...new Set(drafts.map(draft => draft.conversation))]);
        const standings = await readStandings(work.tx, drafts);
        const checked = await checkSend(work, relations, drafts, standings);
        return doSend(work, people, { heads, drafts, checked, at: platform.now() });
      }),
  });
  return {
    async send(draft) {
      const outcome = await submit(draft);
      if (outcome.refusal) throw outcome.refusal;
      const { seq, at, message } = outcome.entry;
      return { id: message.id, seq, at };
    },
  };
}

/** What becomes of a draft: refused, answered with what it became before, or written. */
type Checked = { refusal: Refusal } | { written: EntryRow } | { deliverTo: string };

async function checkSend(
  work: Work,
  relations: Relations,
  drafts: readonly Draft[],
  standings: readonly Standing[],
): Promise<Checked[]> {
  const blocked = new Map<string, boolean>();
  const checked: Checked[] = [];
  for (const [index, draft] of drafts.entries()) {
    const { other = null, written = null } = standings[index] ?? {};
    // A repeat is answered as the first time, even if one has blocked the other since (RT-2).
    if (written) {
      checked.push(written.text === draft.text ? { written } : { refusal: refuse('client_id_reused') });
      continue;
    }
    if (other === null) {
      checked.push({ refusal: refuse('not_found') });
      continue;
    }
    const isBlocked =
      blocked.get(draft.conversation) ?? (await relations.blockedEitherWay(draft.sender, other, work.tx));
    blocked.set(draft.conversation, isBlocked);
    checked.push(isBlocked ? { refusal: refuse('cannot_message') } : { deliverTo: other });
  }
  return checked;
}

/** Writes what was let through, each conversation's entries in a row (RT-3), and tells the members. */
async function doSend(
  work: Work,
  people: People,
  batch: {
    heads: Map<string, number>;
    drafts: readonly Draft[];
    checked: readonly Checked[];
    at: Date;
  },
): Promise<Outcome[]> {
  const { heads, at } = batch;
  const fresh = new Map<string, { row: EntryRow; deliverTo: string }>();
  const outcomes = batch.drafts.map((draft, index): Outcome => {
    const checked = batch.checked[index];
    if (!checked) throw new Error('doSend: a draft was not checked');
    if ('refusal' in checked) return checked;
    if ('written' in checked) return { entry: entryOf(checked.written) };
    const key = `${draft.conversation} ${draft.sender} ${draft.clientId}`;
    const twin = fresh.get(key)?.row;
    if (twin)
      return twin.text === draft.text ? { entry: entryOf(twin) } : { refusal: refuse('client_id_reused') };
    const seq = (heads.get(draft.conversation) ?? 0) + 1;
    heads.set(draft.conversation, seq);
    const row = rowOf(draft, seq, at);
    fresh.set(key, { row, deliverTo: checked.deliverTo });
    return { entry: entryOf(row) };
  });
  if (fresh.size === 0) return outcomes;
  const marks = await append(
    work.tx,
    [...fresh.values()].map(each => each.row),
  );
  for (const { row, deliverTo } of fresh.values()) await announce(work, people, row, deliverTo);
  for (const { conversation, account, readSeq } of marks)
    work.emit({
      kind: 'frame',
      to: { accounts: [account] },
      frame: { type: 'read', conversation, readSeq, unread: 0 },
    });
  return outcomes;
}

const rowOf = (draft: Draft, seq: number, at: Date): EntryRow => ({
  conversation_id: draft.conversation,
  seq,
  id: uuidv7(at.getTime()),
  kind: 'message',
  sender_id: draft.sender,
  client_id: draft.clientId,
  text: draft.text,
  created_at: at,
});

/** The first entry makes the conversation appear in both inboxes (BC-1); then each is an event of its own. */
async function announce(work: Work, people: People, row: EntryRow, other: string): Promise<void> {
  const members = [row.sender_id, other];
  if (row.seq === 1) {
    const known = await people.people(members, work.tx);
    for (const account of members) {
      const conversation = await readConversation(work.tx, account, row.conversation_id);
      const person = conversation && known.get(conversation.other_id);
      if (!person) throw new Error('announce: a member is not there');
      work.emit({
        kind: 'frame',
        to: { accounts: [account] },
        frame: { type: 'conversation', conversation: conversationOf(conversation, person, true) },
      });
    }
  }
  work.emit({
    kind: 'frame',
    to: { accounts: members },
    frame: { type: 'entry', conversation: row.conversation_id, entry: entryOf(row) },
  });
}
