import type { LogEntry, Person } from '@sotto/protocol';
import type { Platform } from '../../platform/platform.ts';
import { memberOf } from './access.ts';
import { peopleOf, presentEntries, withPersonCard } from './entries.ts';
import { channelOf, tellMembers } from './fanout.ts';
import { type InboxDeps, readerOf } from './inbox.ts';
import { findAt, receiptsTo } from './life/store.ts';
import type { Relations } from './ports.ts';
import { type LogPart, readLog } from './store/log.ts';
import { activeMembers, moveReadMark } from './store/memberships.ts';

export async function readEntries(
  deps: InboxDeps,
  account: string,
  conversation: string,
  { at, ...part }: LogPart & { at?: string | undefined },
): Promise<{ entries: LogEntry[]; people: Person[]; head: number; firstSeq: number; at: number | null }> {
  const standing = await memberOf(deps.db, account, conversation);
  const first = standing.firstSeq;
  const found =
    at === undefined
      ? null
      : await findAt(deps.db, conversation, { first, head: standing.head }, new Date(at));
  const rows = await readLog(deps.db, conversation, {
    first,
    ...part,
    ...(found !== null && { around: found }),
  });
  const isDirect = standing.kind === 'direct';
  const blocked = () => deps.relations.blockedWith(account, deps.db);
  const withheld = isDirect ? new Set<string>() : await blocked();
  const entries = await presentEntries(deps, rows, { withheld, firsts: new Map([[conversation, first]]) });
  const naming = isDirect ? withPersonCard(entries) : entries;
  const hidden = isDirect && naming.length > 0 ? await blocked() : withheld;
  const people = await peopleOf(deps, naming, hidden);
  // Read after the entries: a head that is behind them would look like a log that ends before its end.
  const { head, firstSeq } = await memberOf(deps.db, account, conversation);
  return { entries, people, head, firstSeq, at: found };
}

/**
 * Moves the viewer's read mark, never back and never past the head; all their devices hear of it, and those of the others who
 * may see it (BC-8).
 */
export async function markRead(
  platform: Platform,
  deps: InboxDeps,
  account: string,
  conversation: string,
  seq: number,
): Promise<{ readSeq: number; unread: number }> {
  return platform.transact(async ({ tx, emit }) => {
    const standing = await memberOf(tx, account, conversation);
    const reader = await readerOf({ ...deps, db: tx }, account);
    const { moved, unmarked, readSeq, unread } = await moveReadMark(tx, reader, conversation, seq);
    if (moved)
      emit({
        kind: 'frame',
        to: { accounts: [account] },
        frame: { type: 'read', conversation, readSeq, unread },
      });
    if (unmarked) await tellMembers({ tx, emit }, deps, conversation, [account]);
    const accounts =
      readSeq > standing.readSeq && standing.state === 'active'
        ? await receiptsTo(tx, conversation, account)
        : [];
    if (accounts.length > 0)
      emit({
        kind: 'frame',
        to: { accounts },
        frame: { type: 'receipt', conversation, account, seq: readSeq },
      });
    return { readSeq, unread };
  });
}

/** Tells the others that the viewer is typing; says nothing where there is a block, or nothing was agreed yet (BC-11). */
export async function typing(
  platform: Platform,
  relations: Relations,
  account: string,
  conversation: string,
): Promise<void> {
  const standing = await memberOf(platform.db, account, conversation);
  const { kind, state, otherState } = standing;
  if (state !== 'active' || (kind === 'direct' && otherState !== 'active')) return;
  const blocked = await relations.blockedWith(account, platform.db);
  const channel = channelOf({ ...standing, id: conversation });
  const to = channel
    ? { channel, except: [account, ...blocked] }
    : {
        accounts: (await activeMembers(platform.db, conversation)).filter(
          id => id !== account && !blocked.has(id),
        ),
      };
  platform.bus.publish({ kind: 'frame', to, frame: { type: 'typing', conversation, account } });
}
