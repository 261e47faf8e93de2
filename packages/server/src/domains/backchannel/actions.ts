import type { Conversation, LogEntry } from '@sotto/protocol';
import type { Platform } from '../../platform/platform.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Work } from '../../platform/work.ts';
import { memberOf } from './access.ts';
import { getConversation, type InboxDeps } from './inbox.ts';
import { entryOf, pairOf } from './policy.ts';
import type { Relations } from './ports.ts';
import { findDirect, insertDirect } from './store/conversations.ts';
import { readLog } from './store/log.ts';
import { moveReadMark } from './store/memberships.ts';

/** The one conversation of two people, made if there is none (BC-1). The other sees nothing of it until the first entry. */
export async function openDirect(
  platform: Platform,
  deps: InboxDeps,
  account: string,
  other: string,
): Promise<Conversation> {
  if (account === other) throw refuse('not_yourself');
  await deps.relations.visiblePerson(account, other);
  const { low, high } = pairOf(account, other);
  const id = (await findDirect(platform.db, low, high)) ?? (await doOpenDirect(platform, low, high));
  return getConversation(deps, account, id);
}

async function doOpenDirect(platform: Platform, low: string, high: string): Promise<string> {
  await platform.transact(work => insertDirect(work.tx, low, high));
  const id = await findDirect(platform.db, low, high);
  if (id === undefined) throw refuse('not_found');
  return id;
}

export async function readEntries(
  platform: Platform,
  account: string,
  conversation: string,
  part: { after?: number | undefined; before?: number | undefined; limit: number },
): Promise<{ entries: LogEntry[]; head: number }> {
  await memberOf(platform.db, account, conversation);
  const rows = await readLog(platform.db, conversation, part);
  // Read after the entries: a head that is behind them would look like a log that ends before its end.
  const { head } = await memberOf(platform.db, account, conversation);
  return { entries: rows.map(entryOf), head };
}

/** Moves the viewer's read mark, never back and never past the head; all their devices hear of it. */
export async function markRead(
  platform: Platform,
  account: string,
  conversation: string,
  seq: number,
): Promise<{ readSeq: number; unread: number }> {
  return platform.transact(async ({ tx, emit }) => {
    await memberOf(tx, account, conversation);
    const { moved, readSeq, unread } = await moveReadMark(tx, account, conversation, seq);
    if (moved)
      emit({
        kind: 'frame',
        to: { accounts: [account] },
        frame: { type: 'read', conversation, readSeq, unread },
      });
    return { readSeq, unread };
  });
}

/** Tells the other that the viewer is typing; says nothing where there is a block, or nothing was written yet (BC-1). */
export async function typing(
  platform: Platform,
  relations: Relations,
  account: string,
  conversation: string,
): Promise<void> {
  const { other, head } = await memberOf(platform.db, account, conversation);
  if (head === 0 || (await relations.blockedEitherWay(account, other))) return;
  platform.bus.publish({
    kind: 'frame',
    to: { accounts: [other] },
    frame: { type: 'typing', conversation, account },
  });
}

/** A block of two people came or went: the screens of each are told whether they can write (PE-5). */
export async function tellWhetherWritable(work: Work, deps: InboxDeps, a: string, b: string): Promise<void> {
  const { low, high } = pairOf(a, b);
  const id = await findDirect(work.tx, low, high);
  if (id === undefined) return;
  for (const account of [a, b]) {
    const conversation = await getConversation({ ...deps, db: work.tx }, account, id);
    if (conversation.head > 0)
      work.emit({
        kind: 'frame',
        to: { accounts: [account] },
        frame: { type: 'conversation', conversation },
      });
  }
}
